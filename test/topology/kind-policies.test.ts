import { readFileSync } from "node:fs";
import t from "tap";
import { policyLimits } from "../../src/topology/kind-policies.ts";
import type { KindName } from "../../src/topology/topology.ts";
import { mistakesIn, topologyOf } from "./parsing.ts";

interface Refused {
  /** The rule, as YAML. */
  readonly rule: string;
  /** What its mistakes say after "which cannot", and the hint. */
  readonly cannot: readonly string[];
  /** Where it is one; in both directions unless said. */
  readonly only?: "import" | "export";
}

const whole = 'write whole AS numbers: "^64512_", "_(64513|64514)$"';
const another = "let a router of another kind do that";
const other = "name extended communities other than rt and soo | use another community";
const ownNextHop = {
  rule: "{ set: { next-hop: fe80::9 } }",
  cannot: ["set next hops | leave it out: next hops are the addresses of the peers"],
};
const peer: Refused = {
  rule: "{ match: { peer: [eth0] } }",
  cannot: ["match peer in an export | let an import add a community, and match that"],
  only: "export",
};
const noMed = {
  rule: "{ set: { med: ~ } }",
  cannot: ["take a MED away | set it to 0, which counts as none"],
};
const extensions: Refused[] = [
  { rule: "{ match: { ext-community: [rt:1:1, '0306000000000001'] } }", cannot: [other] },
  { rule: "{ match: { ext-community: ['0202000000010001'] } }", cannot: [other] },
  { rule: "{ set: { ext-community: { add: ['030b000000000001'] } } }", cannot: [other] },
];
const unknown = (part: "match" | "set", key: string, value: string): Refused => ({
  rule: `{ ${part}: { ${key}: ${value} } }`,
  cannot: [`${part} ${key} | ${another}`],
});
const ofExtensions = (words: string): Refused => ({
  rule: "{ set: { ext-community: { delete: [rt:1:1] } } }",
  cannot: [words],
});

const refused: Readonly<Record<Exclude<KindName, "speaker" | "exabgp">, readonly Refused[]>> = {
  bird: [
    ownNextHop,
    {
      rule: '{ match: { as-path: "6451[0-9]" } }',
      cannot: [`match parts of AS numbers, or counted ones | ${whole}`],
    },
  ],
  frr: [
    ownNextHop,
    peer,
    noMed,
    ...extensions,
    {
      rule: "{ match: { next-hop: ['fe80::/10'] } }",
      cannot: ["match next-hop | match the peer that told it"],
    },
    { rule: "{ match: { med: 1-2 } }", cannot: ["compare med with a range | write a rule for each number"] },
    {
      rule: "{ match: { local-pref: 1-2 } }",
      cannot: ["compare local-pref with a range | write a rule for each number"],
    },
    { rule: "{ match: { med: 0 } }", cannot: ["compare med with 0 | match what has another one before it"] },
    {
      rule: "{ match: { local-pref: 0 } }",
      cannot: ["compare local-pref with 0 | match what has another one before it"],
    },
    ofExtensions("take single extended communities away | set says all that are to stay"),
  ],
  gobgp: [
    ownNextHop,
    peer,
    noMed,
    ...extensions,
    unknown("match", "med", "5"),
    unknown("match", "local-pref", "5"),
    unknown("match", "origin", "igp"),
    unknown("set", "origin", "egp"),
    ofExtensions("take single extended communities away | set says all that are to stay"),
    {
      rule: "{ set: { ext-community: { set: [] } } }",
      cannot: [
        "take all extended communities away without telling an empty list of them | set says all that are to stay, one at least",
      ],
    },
    {
      rule: "{ match: { next-hop: ['fe80::/10'] } }",
      cannot: ["match next-hop in an export | match the peer that told it"],
      only: "export",
    },
    {
      rule: '{ match: { as-path: "6451[0-9]" } }',
      cannot: [`match parts of AS numbers, or counted ones in an export | ${whole}`],
      only: "export",
    },
  ],
  openbgpd: [
    ownNextHop,
    peer,
    noMed,
    ...extensions,
    unknown("match", "med", "5"),
    unknown("match", "local-pref", "5"),
    unknown("match", "origin", "igp"),
    {
      rule: "{ match: { next-hop: ['fe80::/10'] } }",
      cannot: ["match next-hop | match the peer that told it"],
    },
    {
      rule: "{ set: { ext-community: { set: [] } } }",
      cannot: ["set all extended communities anew | delete those that are meant, and add others"],
    },
    {
      rule: "{ set: { med: 5 } }",
      cannot: [
        "set med in an import without telling it to other ASes | set it in an export, or set local-pref",
      ],
      only: "import",
    },
    {
      rule: '{ match: { as-path: "^64512_64513_" } }',
      cannot: [
        'match more of an AS path than its first AS, its last or any one | write "^64512_", "_64512$", "_64512_" or the same with (64512|64513)',
      ],
    },
    {
      rule: "{ match: { community: ['1:1', '1:2'] }, set: { prepend: 1 }, then: next }",
      cannot: [
        "prepend once in a rule that goes on to the next and has lists to match | match one community, or let the rule accept",
      ],
    },
  ],
};

const directions = ["import", "export"] as const;

t.test("what the policies of a kind cannot do is a mistake at its place in the rule", async (t) => {
  for (const [kind, cases] of Object.entries(refused)) {
    for (const { rule, cannot, only } of cases) {
      for (const direction of directions) {
        const families = kind === "openbgpd" ? ", families: [ipv6-unicast]" : "";
        const text = `name: lab\nrouters: { r1: { kind: ${kind}${families}, ${direction}: [${rule}] }, r2: }\nlinks: [r1 -- r2]`;
        if (only !== undefined && only !== direction) {
          t.ok(topologyOf(text), `${kind} can do ${rule} in an ${direction}`);
          continue;
        }
        const found = mistakesIn(text).map((line) => line.replace(/^\d+:\d+ /, ""));
        const expected = cannot.map((words) => `r1 is of kind ${kind}, which cannot ${words}`);
        t.strictSame(found, expected, `${kind}: ${rule} in an ${direction}`);
      }
    }
  }
});

t.test("a rule that several routers have is a mistake once, in the policy that they name", async (t) => {
  const text = `name: lab
policies:
  p: [accept, { match: { med: 1-2 } }]
routers: { r1: { kind: frr, import: p }, r2: { kind: frr, import: p, export: p }, r3: { import: p } }
links: [r1 -- r2, r2 -- r3]`;
  t.strictSame(mistakesIn(text), [
    "3:31 r1 is of kind frr, which cannot compare med with a range | write a rule for each number",
  ]);
});

t.test("GoBGP matches any AS path that it tells its own AS, in Go's words", async (t) => {
  const text = (pattern: string) =>
    `name: lab\nrouters: { r1: { kind: gobgp, asn: 1, export: [{ match: { as-path: "${pattern}" } }] }, r2: { asn: 1 } }\nlinks: [r1 -- r2]`;
  t.ok(topologyOf(text("6451[0-9]")));
  t.strictSame(mistakesIn(text("^64513+?_")), [
    "2:68 r1 is of kind gobgp, which cannot repeat what is repeated in an as-path | write it once: (64512_)*",
  ]);
});

t.test("docs/policy.md says what the policies of each kind cannot do", async (t) => {
  const page = readFileSync("docs/policy.md", "utf8");
  const [, table = ""] = /<!-- limits -->(.*?)<!-- end -->/s.exec(page) ?? [];
  for (const [kind, limits] of Object.entries(policyLimits)) {
    const [row = ""] = table.split("\n").filter((line) => line.startsWith(`| \`${kind}\``));
    const said = row.split("|")[2]?.trim().split("; ");
    t.strictSame(said, [...new Set(limits.map(({ what }) => what))], kind);
  }
});
