import t from "tap";
import { errorOf, mistakesIn } from "./parsing.ts";

const shape = "write name, routers and links; docs/topology.md shows how";

t.test("what is no map is no topology", async (t) => {
  t.strictSame(mistakesIn(""), [`1:1 the file is empty | ${shape}`]);
  t.strictSame(mistakesIn("# only a comment\n"), [`1:1 the file is empty | ${shape}`]);
  t.strictSame(mistakesIn("- r1\n- r2\n"), [`1:1 a topology is a map, not a list | ${shape}`]);
  t.strictSame(mistakesIn("--- hello"), [`1:5 a topology is a map, not a single value | ${shape}`]);
});

t.test("YAML's own mistakes have a place too, one a line", async (t) => {
  t.strictSame(mistakesIn("name: a: b: c\nrouters: [r1"), [
    "1:7 nested mappings are not allowed in compact mappings",
    "2:13 flow sequence in block collection must be sufficiently indented and end with a ]",
  ]);
  t.strictSame(mistakesIn("name: x\nrouters:\n\tr1:\n"), [
    "3:1 tabs are not allowed as indentation | indent with spaces",
  ]);
});

t.test("one file holds one document", async (t) => {
  t.strictSame(mistakesIn("name: x\n---\nname: y\n"), [
    "2:1 a second YAML document begins here | one file holds one topology",
  ]);
});

t.test("tags and keys that are no text are refused", async (t) => {
  t.strictSame(mistakesIn("name: !env x"), [
    '1:7 YAML tags are not part of a topology | quote the text if it begins with "!"',
  ]);
  t.strictSame(mistakesIn("name: x\nrouters: { r1: { <<: {} }, [r2]: }"), ["2:28 a key must be plain text"]);
});

t.test("an alias needs a complete value before it", async (t) => {
  const hint = 'quote the text if it begins with "*"';
  t.strictSame(mistakesIn("name: *lab\nrouters: [r1]"), [
    `1:7 no complete value before this alias is called &lab | ${hint}`,
  ]);
  t.match(mistakesIn("name: x\nrouters: &r [*r]"), [/no complete value before this alias is called &r/]);
});

t.test("aliases that stand for billions of values are refused at once", async (t) => {
  const lines = Array.from(
    { length: 20 },
    (_, index) => `k${index + 1}: &k${index + 1} [${`*k${index},`.repeat(10)}]`,
  );
  const start = performance.now();
  const mistakes = mistakesIn(["k0: &k0 [1]", ...lines].join("\n")).filter((mistake) =>
    /alias/.test(mistake),
  );
  t.ok(performance.now() - start < 1000);
  t.strictSame(mistakes, ["6:14 aliases repeat too much"]);
});

t.test("nesting has an end", async (t) => {
  const nested = (depth: number) => `name: x\nrouters: ${"[".repeat(depth)}${"]".repeat(depth)}`;
  t.match(mistakesIn(nested(30)), [/expected the name/, /nested too deeply/]);
  t.match(mistakesIn(nested(50_000)), [/nested too deeply/]);
});

t.test("a file that is too large is not even read", async (t) => {
  const error = errorOf("#".repeat(4 * 1024 * 1024 + 1));
  t.equal(error.message, `lab.yaml:1:1: the file is larger than 4 MiB\n  hint: ${shape}`);
});
