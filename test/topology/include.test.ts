import t from "tap";
import { errorOf, mistakesAround, topologyIn } from "./parsing.ts";

const files = {
  "common.yaml":
    "defaults: { asn: 65000, timers: { hold: 30 } }\nrouters: { r1: { med: 1 }, r0: }\nlinks: [r0 -- r1]",
  "more.yaml": "include: [common.yaml]\ndefaults: { asn: 65001 }\nrouters: [r2]",
  "loop.yaml": "include: [loop2.yaml]",
  "loop2.yaml": "include: [loop.yaml]",
  "wrong.yaml": "\nrouters:\n  r9: { asn: 0 }",
  "broken.yaml": "routers: [",
  "list.yaml": "- r1",
};

t.test("a file goes over those that it includes, map by map, and links add up", async (t) => {
  const topology = topologyIn(
    "name: lab\ninclude: [common.yaml]\ndefaults: { timers: { connect-retry: 7 } }\nrouters: { r1: { med: 2 }, r3: }\nlinks: [r1 -- r3]",
    { files },
  );
  t.match(topology.routers, [
    { name: "r1", asn: 65000, session: { med: 2, timers: { holdTime: 30, connectRetryTime: 7 } } },
    { name: "r0" },
    { name: "r3" },
  ]);
  t.strictSame(
    topology.links.map(({ ends }) => ends.map(({ router }) => router).join(" ")),
    ["r0 r1", "r1 r3"],
  );
});

t.test("fragments include others, and later ones go over earlier ones", async (t) => {
  const both = topologyIn("name: lab\ninclude: [common.yaml, more.yaml]\nrouters: [r4]", { files });
  t.strictSame(
    both.routers.map(({ name, asn }) => `${name} ${asn}`),
    ["r1 65001", "r0 65001", "r2 65001", "r4 65001"],
  );
  t.equal(topologyIn("name: lab\ninclude: more.yaml", { files }).routers.length, 3, "one needs no list");
  t.equal(topologyIn("name: lab\ninclude:\nrouters: [r1]", { files }).routers.length, 1);
});

t.test("a mistake names the included file, its line and its column", async (t) => {
  const { diagnostics } = errorOf("name: lab\ninclude: [wrong.yaml]\nrouters: { r1: { asn: 0 } }", { files });
  t.strictSame(
    diagnostics.map(({ text }) => text.split("\n").slice(0, 3)),
    [
      [
        "lab.yaml:3:23: AS number 0 is reserved (RFC 7607)",
        "  routers: { r1: { asn: 0 } }",
        "                        ^",
      ],
      ["wrong.yaml:3:14: AS number 0 is reserved (RFC 7607)", "    r9: { asn: 0 }", "               ^"],
    ],
  );
  t.match(mistakesAround("name: lab\ninclude: [broken.yaml]\nrouters: [r1]", { files }), [
    /^broken.yaml:1:11 /,
  ]);
});

t.test("what cannot be included is a mistake at its place", async (t) => {
  const mistakes = (include: string) =>
    mistakesAround(`name: lab\ninclude: ${include}\nrouters: [r1]`, { files });
  t.strictSame(mistakes("[nowhere.yaml]"), [
    '2:11 cannot include "nowhere.yaml": there is no such file | there are others',
  ]);
  t.strictSame(mistakes("[loop.yaml]"), [
    "loop2.yaml:1:11 loop.yaml includes itself | lab.yaml includes loop.yaml includes loop2.yaml includes loop.yaml",
  ]);
  t.strictSame(mistakes("[list.yaml]"), [
    "2:11 list.yaml is not a map | a fragment has the same keys as a topology",
  ]);
  t.strictSame(mistakes("[5]"), [
    "2:11 expected the path of a file | write a list of files: include: [common.yaml]",
  ]);
  t.match(mistakes(`[${"common.yaml, ".repeat(101)}]`), [/too many files are included \| at most 100/]);
});

t.test("of two links that take the same, the file of the other is named", async (t) => {
  const text = "name: lab\ninclude: [common.yaml]\nlinks: [r1:eth7 -- r0, r0 -- r1:eth7]";
  t.match(mistakesAround(text, { files }), [/r1:eth7 is taken by another|in line 3/]);
  const other = { "o.yaml": "\nlinks: [r1:eth7 -- r0]" };
  t.match(
    mistakesAround("name: lab\ninclude: [o.yaml]\nrouters: [r0, r1]\nlinks: [r0 -- r1:eth7]", {
      files: other,
    }),
    ["4:15 r1:eth7 is taken by the link in line 2 of o.yaml"],
  );
});
