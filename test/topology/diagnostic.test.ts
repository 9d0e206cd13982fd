import { readFileSync } from "node:fs";
import t from "tap";
import { LabError } from "../../src/std/errors.ts";
import { matchesGolden } from "../support/golden.ts";
import { errorOf } from "./parsing.ts";

/** `GOLDEN=write node test/topology/diagnostic.test.ts` writes the expected text anew. */
t.test("a badly broken file is reported whole, each mistake with place, line, caret and hint", async (t) => {
  const text = readFileSync(new URL("../golden/topology/broken.yaml", import.meta.url), "utf8");
  matchesGolden(t, "topology/broken.txt", `${errorOf(text).message}\n`);
});

t.test("the error is the user's, and its diagnostics are in the order of the file", async (t) => {
  const error = errorOf("name: x\nrouters: [r1]\nfoo: 1\nlinks: 3\n");
  t.ok(error instanceof LabError);
  t.equal(error.code, "TOPOLOGY_INVALID");
  t.strictSame(
    error.diagnostics.map(({ file, line, column }) => ({ file, line, column })),
    [
      { file: "lab.yaml", line: 3, column: 1 },
      { file: "lab.yaml", line: 4, column: 8 },
    ],
  );
});

t.test("carets stay below their text", async (t) => {
  const excerpt = (text: string) => errorOf(text).diagnostics[0]?.text.split("\n").slice(1, 3);
  t.strictSame(
    excerpt("name: x\nrouters: { r1: {\t\tasn: 0 } }"),
    ["  routers: { r1: {\t\tasn: 0 } }", "                  \t\t     ^"],
    "behind tabs",
  );
  t.strictSame(excerpt("name: x\r\nrouters: 5\r\n"), ["  routers: 5", "           ^"], "with CRLF line ends");
  t.strictSame(
    excerpt("\u{feff}name: 5\nrouters: [r1]"),
    ["  \u{fffd}name: 5", "         ^"],
    "after a byte order mark",
  );
});

t.test("a long line is cut around the mistake", async (t) => {
  const line = `routers: [${"r1, ".repeat(900)}{}]`;
  const [, excerpt = "", carets = ""] =
    errorOf(`name: x\n${line}`).diagnostics.at(-1)?.text.split("\n") ?? [];
  t.ok(excerpt.length < 200);
  t.equal(excerpt.slice(carets.indexOf("^")), "{}]");
});

t.test("control characters of the file do not reach the terminal", async (t) => {
  const { message } = errorOf('name: "a\\e[2Jb"\nrouters: [r1]\n# \u{1b}[31m');
  t.notMatch(message, "\u{1b}");
  t.match(message, "a\\u001b[2Jb");
});
