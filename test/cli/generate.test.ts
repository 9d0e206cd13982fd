import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { parseTopology } from "../../src/topology/parse.ts";
import { run } from "./run.ts";

const noEnvironment = {
  environment: async () => {
    throw new Error("the runtime was loaded");
  },
};
const generate = (...args: string[]) => run(["generate", ...args], undefined, noEnvironment);

for (const shape of [
  "ring",
  "chain",
  "star",
  "grid",
  "torus",
  "full-mesh",
  "clos",
  "fat-tree",
  "hypercube",
  "random",
]) {
  t.test(`generate ${shape} writes a topology to standard output without being told more`, async (t) => {
    const { exit, out, err } = await generate(shape);
    t.equal(exit, 0);
    t.strictSame(err, []);
    t.ok(parseTopology({ file: "lab.yaml", text: out.join("\n") }).routers.length > 2);
  });
}

t.test("sizes, names, prefixes and AS numbers are as the options say", async (t) => {
  const { out } = await generate(
    "clos",
    "--spines",
    "3",
    "--leaves",
    "5",
    "--prefixes",
    "0",
    "--name",
    "fabric",
  );
  const { name, routers } = parseTopology({ file: "lab.yaml", text: out.join("\n") });
  t.equal(name, "fabric");
  t.equal(routers.length, 8);
  t.strictSame(
    routers.flatMap(({ originate }) => originate),
    [],
  );
  const single = await generate("ring", "--asn-scheme", "single");
  t.match(single.out.join("\n"), "defaults: { asn: 65000 }");
});

t.test("the same seed gives the same file, another seed another", async (t) => {
  const random = async (seed: string) =>
    (await generate("random", "--routers", "20", "--links", "40", "--seed", seed)).out;
  t.strictSame(await random("7"), await random("7"));
  t.notSame(await random("7"), await random("8"));
});

t.test("a file is written where -o says, or the reason why not", async (t) => {
  const file = join(t.testdir(), "lab.yaml");
  t.strictSame(await generate("ring", "-o", file), { exit: 0, out: [], err: [`${file} written`] });
  t.equal(readFileSync(file, "utf8"), `${(await generate("ring")).out.join("\n")}\n`);
  const { exit, err } = await generate("ring", "-o", join(t.testdir(), "none", "lab.yaml"));
  t.equal(exit, 1);
  t.match(err, [/^error: cannot write .*ENOENT/, /^hint: name a file in a directory/]);
});

for (const { args, message } of [
  { args: [], message: "Usage: fe80 generate" },
  { args: ["rnig"], message: "(Did you mean ring?)" },
  { args: ["ring", "--routers", "0"], message: "Give a whole number from 1 on." },
  { args: ["ring", "--routers", "2"], message: "hint: give 3 to 10000 routers" },
  { args: ["ring", "--spines", "2"], message: "unknown option '--spines'" },
  { args: ["ring", "--asn-scheme", "rfc7938"], message: "Allowed choices are unique, single." },
  { args: ["ring", "--name", "a.b"], message: "Give letters, digits, - and _" },
  { args: ["random", "--seed", "-1"], message: "Give a whole number from 0 to 4294967295." },
]) {
  t.test(`generate ${args.join(" ")} ends with 2 and says what to do`, async (t) => {
    const { exit, out, err } = await generate(...args);
    t.equal(exit, 2);
    t.strictSame(out, []);
    t.match(err.join("\n"), message);
  });
}
