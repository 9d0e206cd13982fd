import t from "tap";
import { mistakesAround, topologyIn } from "./parsing.ts";

/** A variable as it is written. */
const v = (inner: string) => `$\{${inner}}`;

const environment = { ASN: "65007", EMPTY: "", LAB: "from-env", KEY: "5", TRICK: v("LAB") };
const topologyOf = (text: string) => topologyIn(text, { environment });
const mistakesIn = (text: string) => mistakesAround(text, { environment });

t.test("variables are put into values as in a shell", async (t) => {
  const name = (value: string) => topologyOf(`name: ${value}\nrouters: [r1]`).name;
  t.equal(name(v("LAB")), "from-env");
  t.equal(name(`x-${v("LAB")}-${v("NO:-y")}`), "x-from-env-y");
  t.equal(name(v("EMPTY:-z")), "z");
  t.equal(name(v(`NO:-${v(`NO2:-${v("LAB")}`)}`)), "from-env");
  t.equal(name(`"${v("LAB:?set it")}"`), "from-env");
});

t.test("a dollar is itself before anything but a brace, and a doubled one is one", async (t) => {
  const key = (text: string) =>
    topologyOf(`name: x\nrouters: [a, b]\nlinks: [{ link: a -- b, sessions: { a: { md5: "${text}" } } }]`)
      .links[0]?.ends[0].session.md5Key;
  t.equal(key("a$b$$c$"), "a$b$c$");
  t.equal(key(`$${v("LAB")}`), v("LAB"), "no variable behind a doubled dollar");
});

t.test("what comes of a plain scalar is read as one; a quoted one stays text", async (t) => {
  const text = `name: x\nrouters:\n  r1:\n    asn: ${v("ASN")}\n    passive: ${v("NO:-true")}\n    md5: "${v("KEY")}"`;
  t.match(topologyOf(text).routers, [{ asn: 65007, session: { passive: true, md5Key: "5" } }]);
  t.match(topologyOf(`name: x\nrouters: [r1]\nexpect:\n  within: ${v("KEY")}\n  settle: ${v("NO:-.5")}`), {
    expect: { withinMs: 5000, settleMs: 500 },
  });
});

t.test("what a variable holds is not looked through for variables", async (t) => {
  t.strictSame(mistakesIn(`name: ${v("TRICK")}\nrouters: [r1]`), [
    `1:7 "${v("LAB")}" cannot be the name of a lab | letters, digits, - and _, a letter or digit first, at most 32 in all`,
  ]);
});

t.test("a variable that is not set is a mistake at its place, with the file's own words", async (t) => {
  t.strictSame(mistakesIn(`name: x\nrouters: { r1: { asn: "${v("NO")}" } }`), [
    `2:23 the environment variable NO is not set | set it, or write ${v("NO:-default")}`,
  ]);
  t.strictSame(mistakesIn(`name: ${v("EMPTY:?give the lab a name")}\nrouters: [r1]`), [
    "1:7 the environment variable EMPTY is not set | give the lab a name",
  ]);
  t.match(mistakesIn(`name: ${v("constructor")}\nrouters: [r1]`), [/constructor is not set/]);
});

t.test("what is no variable is a mistake", async (t) => {
  const hint = `write ${v("NAME")}, ${v("NAME:-default")} or ${v("NAME:?message")}; $$ is a dollar`;
  const open = v("").slice(0, 2);
  t.strictSame(mistakesIn(`name: "${open}LAB"\nrouters: [r1]`), [`1:7 a ${open} without its } | ${hint}`]);
  t.strictSame(mistakesIn(`name: "${v("1")}"\nrouters: [r1]`), [`1:7 "1" is no variable | ${hint}`]);
  const nested = `${`${open}A:-`.repeat(9)}${"}".repeat(9)}`;
  t.strictSame(mistakesIn(`name: "${nested}"\nrouters: [r1]`), [
    `1:7 variables are nested too deeply | ${hint}`,
  ]);
  t.match(mistakesIn(`name: x\nrouters: { r1: { asn: ${v("ASN")} } }`), [/2:24 .* quote the text/]);
});

t.test("the environment cannot fill the memory", async (t) => {
  const text = `name: "${v("BIG").repeat(10_000)}"\nrouters: [r1]`;
  t.match(mistakesAround(text, { environment: { BIG: "x".repeat(100_000) } }), [
    /the environment variables are too long in all/,
  ]);
});
