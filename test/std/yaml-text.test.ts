import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import t from "tap";
import { parse } from "yaml";
import { yamlFlow, yamlLines, yamlText } from "../../src/std/yaml-text.ts";

type Value = Parameters<typeof yamlFlow>[0];

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom(..."a1.:-#, {}[]*&!|>'\"%@`~=+/_x\n\t") }),
  fc.constantFrom(
    "true",
    "null",
    "~",
    "0x10",
    "1e3",
    "12:30",
    "10.5",
    "on",
    "<<",
    "2026-01-02",
    ".inf",
    "a: b",
    "a #b",
  ),
);
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(
      text.filter((key) => key !== "__proto__"),
      tie("value"),
      { maxKeys: 5, noNullPrototype: true },
    ),
  ),
}));

const options = { version: "1.2", uniqueKeys: false } as const;

t.test("whatever is written is read back the same, in flow and in blocks", async (t) => {
  fc.assert(
    fc.property(value, (value) => {
      for (const written of [yamlFlow(value), yamlLines(value).join("\n")]) {
        deepStrictEqual(parse(written, options), value, JSON.stringify(written));
      }
    }),
    { numRuns: 500 },
  );
  t.pass("500 values");
});

t.test("quotes stand only where they are needed", async (t) => {
  for (const plain of [
    "r1 -- r2",
    "leaf* -- spine*",
    "65000 + n",
    "10.0.1.0/24",
    "0.0.0.1",
    "r1:eth0 -- r2:up",
  ]) {
    t.equal(yamlText(plain), plain);
  }
  for (const quoted of ["*", "7", "true", "a: b", "a #b", "", " a", "fe80::", "12:30"]) {
    t.equal(yamlText(quoted), JSON.stringify(quoted));
  }
  t.equal(yamlText("2001:db8::/32", { flow: true }), '"2001:db8::/32"');
  t.equal(yamlText("10.0.{n}.0/24", { flow: true }), '"10.0.{n}.0/24"');
});

t.test("a Map keeps its keys in their order", async (t) => {
  const map = new Map([
    ["b", { x: 1 }],
    ["7", { x: undefined }],
  ]);
  t.strictSame(yamlLines(map), ["b: { x: 1 }", '"7": {}']);
  t.equal(
    yamlFlow(
      new Map([
        ["2", 1],
        ["1", 2],
      ]),
    ),
    '{ "2": 1, "1": 2 }',
  );
  t.strictSame(yamlLines(new Map()), ["{}"]);
});

t.test("what is small stays on its line, and a text of several lines stands as it is", async (t) => {
  t.strictSame(
    yamlLines({ name: "r1", ends: [{ a: [1, 2] }, { b: { c: 1 } }], text: "one\ntwo\n", gone: undefined }),
    ["name: r1", "ends:", "  - { a: [1, 2] }", "  - b: { c: 1 }", "text: |", "  one", "  two"],
  );
});
