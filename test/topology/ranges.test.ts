import t from "tap";
import { mistakesIn, topologyOf } from "./parsing.ts";

const routersOf = (text: string) => topologyOf(`name: lab\n${text}`).routers;
const namesOf = (text: string) => routersOf(text).map(({ name }) => name);

t.test("a range in a name stands for one router a number", async (t) => {
  const cases: Record<string, string[]> = {
    'routers: { "r[1-3]": }': ["r1", "r2", "r3"],
    'routers: { "r[08-11]": }': ["r08", "r09", "r10", "r11"],
    'routers: { "r[1-2,5]-x": }': ["r1-x", "r2-x", "r5-x"],
    'routers: { "p[1-2]r[0-1]": }': ["p1r0", "p1r1", "p2r0", "p2r1"],
    "routers:\n  leaf[1-2]:\n  spine1:": ["leaf1", "leaf2", "spine1"],
    'routers: [a, "b[1-2]", c]': ["a", "b1", "b2", "c"],
  };
  for (const [text, names] of Object.entries(cases)) t.strictSame(namesOf(text), names, text);
});

t.test(
  "rules for routes in a body stay as they are; names of policies have the number in them",
  async (t) => {
    const { routers, policies } = topologyOf(`name: lab
policies: { p1: [accept], p2: [reject] }
routers:
  r[1-2]:
    multipath: { maximum-paths: 2 * n }
    allow-own-as: n
    export: "p{n}"
    import: [{ match: { as-path: "^(64513_){1,3}$", med: 0-100 }, set: { med: 5 } }]`);
    t.match(routers[1], {
      routing: { multipath: { maximumPaths: 4 } },
      session: { allowOwnAs: 2, exportPolicy: "p2", importPolicy: "routers r2 import" },
    });
    t.match(policies.get("routers r2 import")?.rules, [
      { match: { asPath: "^(64513_){1,3}$", med: { min: 0, max: 100 } }, set: { med: 5 } },
    ]);
  },
);

t.test("a body has the number of its router in it", async (t) => {
  const routers = routersOf(`routers:
  leaf[9-10]:
    asn: 65000 + n
    router-id: 10.0.{n % 10}.{i}
    link-local: "fe80::{n:x}"
    originate: ["10.0.{n}.0/24", "2001:db8:{n * 16:04x}::/48"]
    communities: ["65000:{n}"]
    timers: { hold: 3 * n }
  p[1-2]s[3-4]: { asn: 100 * n1 + n2 , originate: ["10.{n1}.{n2}.0/24"], med: i }
  last: { asn: 2 * (3 + 4) }`);
  t.match(routers, [
    {
      name: "leaf9",
      asn: 65009,
      routerId: "10.0.9.1",
      linkLocal: "fe80::9",
      originate: ["10.0.9.0/24", "2001:db8:90::/48"],
      session: { communities: [65000 * 65536 + 9], timers: { holdTime: 27 } },
    },
    {
      name: "leaf10",
      asn: 65010,
      routerId: "10.0.0.2",
      linkLocal: "fe80::a",
      originate: ["10.0.10.0/24", "2001:db8:a0::/48"],
      session: { timers: { holdTime: 30 } },
    },
    { name: "p1s3", asn: 103, originate: ["10.1.3.0/24"], session: { med: 1 } },
    { name: "p1s4", asn: 104, originate: ["10.1.4.0/24"], session: { med: 2 } },
    { name: "p2s3", asn: 203, session: { med: 3 } },
    { name: "p2s4", asn: 204, session: { med: 4 } },
    { name: "last", asn: 14 },
  ]);
});

t.test("doubled braces stand for themselves", async (t) => {
  const [router] = routersOf('routers: { "r[1-2]": { md5: "{{key-{n}}}" } }');
  t.equal(router?.session.md5Key, "{key-1}");
});

t.test("the places of routers in ranges give them their other numbers", async (t) => {
  t.match(routersOf('routers: { a: , "b[5-6]": , c: }'), [
    { asn: 64512 },
    { asn: 64513, routerId: "0.0.0.2" },
    { asn: 64514, linkLocal: "fe80::3" },
    { asn: 64515 },
  ]);
});

t.test("mistakes in ranges and expressions are named where they are, each once", async (t) => {
  const rangeHint = 'write it as "leaf[1-16]", "leaf[01-16]" or "leaf[1-4,7]"';
  const cases: [text: string, ...mistakes: string[]][] = [
    ['routers: { "r[1-": }', `2:12 "r[1-" is not a range of names | ${rangeHint}`],
    ['routers: { "r[4-1]": }', `2:12 "r[4-1]" is not a range of names | ${rangeHint}`],
    ['routers: [a, "r[x]"]', `2:14 "r[x]" is not a range of names | ${rangeHint}`],
    [
      'routers: { "r[1-999999999]": }',
      '2:12 "r[1-999999999]" stands for more than 10000 names | make the range smaller',
    ],
    [
      'routers: { "a[1-9999]": { originate: [10.0.0.0/8, 11.0.0.0/8, 12.0.0.0/8, 13.0.0.0/8, 14.0.0.0/8, 15.0.0.0/8, 16.0.0.0/8, 17.0.0.0/8, 18.0.0.0/8, 19.0.0.0/8, 20.0.0.0/8, 21.0.0.0/8, 22.0.0.0/8, 23.0.0.0/8, 24.0.0.0/8, 25.0.0.0/8, 26.0.0.0/8, 27.0.0.0/8, 28.0.0.0/8, 29.0.0.0/8, 30.0.0.0/8] } }',
      "2:12 the ranges stand for too much | at most 10000 routers, and 200000 values in all that ranges stand for",
    ],
    [
      'routers: { "r[1-3]": , r2: }',
      '2:24 "r2" is there already, in line 2 | leave it out of the range, as in leaf[1-3,5-8]',
    ],
    [
      'routers: { r1: { originate: ["10.0.{n}.0/24"] } }',
      '2:36 there is no number called n | n is the number of a router in a range such as "leaf[1-4]", which this is not',
    ],
    ['routers: { "r[1-4]": { asn: 65000 + n2 } }', "2:29 there is no number called n2 | there are n, n1, i"],
    [
      'routers: { "r[250-300]": { originate: ["10.0.{n}.0/24"] } }',
      '2:40 "10.0.256.0/24" is not a prefix | a prefix is written 10.0.1.0/24 or 2001:db8::/48',
    ],
    [
      'routers: { "r[1-2]": { originate: ["10.0.{n:y}.0/24"] } }',
      '2:42 "y" is not a format | write {n}, {n:x}, {n:02} or {n:04x}',
    ],
    [
      'routers: { "r[1-2]": { originate: ["10.0.{n-5}.0/24"] } }',
      "2:42 -4 is negative | only numbers from 0 on can be part of a text",
    ],
    [
      "routers: { leaf[1-2]: }",
      '2:16 missing , or : between flow map items | YAML takes {} and [] inside a list or a map, and at the beginning, for its own: quote the text, as in "10.0.{n}.0/24"',
    ],
    [
      'routers: { "r[1-2]": { originate: [10.0.{n}.0/24] } }',
      '2:41 missing , or : between flow sequence items | YAML takes {} and [] inside a list or a map, and at the beginning, for its own: quote the text, as in "10.0.{n}.0/24"',
    ],
  ];
  for (const [text, ...mistakes] of cases) t.strictSame(mistakesIn(`name: lab\n${text}`), mistakes, text);
});

t.test("an expression says which numbers there are, and where it belongs", async (t) => {
  const belongs = 'n is the number of a router in a range: write it in the body of one, such as "leaf[1-4]"';
  const text = `name: lab
defaults: { asn: 65000 + n, originate: ["10.{n}.0.0/16"] }
routers:
  r[1-2]: { asn: 65000 + m }`;
  t.strictSame(mistakesIn(text), [
    `2:18 expected an AS number, found "65000 + n" | ${belongs}`,
    `2:41 "10.{n}.0.0/16" is not a prefix | ${belongs}`,
    "4:18 there is no number called m | there are n, n1, i",
  ]);
});
