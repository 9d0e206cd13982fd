import { readdirSync, readFileSync } from "node:fs";
import t from "tap";
import { partsOf } from "../../src/topology/parts.ts";
import { mistakesIn, topologyOf, warningsIn } from "./parsing.ts";

const down = "if it must stay down, write expect: down";
const third = "a third is usual: 3 s";

const cases: Record<string, readonly (readonly [text: string, ...warnings: string[]])[]> = {
  "router ids": [
    [
      "routers: { r1: { router-id: 0.0.0.9 }, r2: { router-id: 0.0.0.9 } }\nlinks: [r1 -- r2]",
      "2:57 r2 has the same router id as r1, 0.0.0.9 | routers are told apart by it in logs and in the decision process",
    ],
  ],
  prefixes: [
    [
      "routers: { r1: { originate: [10.0.0.0/8] }, r2: { originate: [192.0.2.0/24, 10.0.0.0/8] } }\nlinks: [r1 -- r2]",
      "2:77 r2 originates 10.0.0.0/8, as r1 does | if it is meant (anycast), let a group of both originate it",
    ],
    ["groups: { any: { routers: [r1, r2], originate: [10.0.0.0/8] } }\nrouters: [r1, r2]\nlinks: [r1 -- r2]"],
    [
      'routers: { "r[1-2]": { originate: [10.0.0.0/8] } }\nlinks: [r1 -- r2]',
      "2:36 r2 originates 10.0.0.0/8, as r1 does | if it is meant (anycast), let a group of both originate it",
    ],
  ],
  "what is linked": [
    ["routers: [r1]"],
    ["routers: [r1, r2, r3]\nlinks: [r1 -- r3]", "2:15 r2 has no link | nothing reaches it"],
    [
      "routers: [r1, r2, r3, r4, r5]\nlinks: [r1 -- r2, r3 -- r4 -- r5]",
      "2:11 r1, r2 are linked with none of the other 3 | the lab is in several parts: is a link missing?",
    ],
  ],
  "what can never come up": [
    [
      "routers: { r1: { md5: a }, r2: }\nlinks: [r1 -- r2]",
      `3:9 r1 and r2 have different md5 keys, and no session | ${down}`,
    ],
    ["routers: { r1: { md5: a }, r2: }\nlinks: [{ link: r1 -- r2, expect: down }]"],
    [
      "defaults: { passive: true }\nrouters: [r1, r2]\nlinks: [r1 -- r2]",
      `4:9 r1 and r2 are both passive, and no session comes up | ${down}`,
    ],
    [
      "routers: { r1: { role: provider }, r2: { role: peer } }\nlinks: [r1 -- r2]",
      `3:9 r1 is provider and r2 peer, which do not go together (RFC 9234 §4.2) | ${down}`,
    ],
    [
      "routers: [r1, r2]\nlinks: [{ link: r1 -- r2, sessions: { r2: { remote-id: 0.0.0.7 } } }]",
      "3:17 r2 wants a peer with router id 0.0.0.7, and r1 has 0.0.0.1 | if the session must stay down, write expect: down",
    ],
  ],
  timers: [
    [
      "routers: { r1: { timers: { hold: 9, keepalive: 8 } }, r2: }\nlinks: [r1 -- r2]",
      `3:9 r1 sends a keepalive each 8 s, too late for a hold time of 9 s if one is lost | ${third}`,
    ],
    ["routers: { r1: { timers: { hold: 30, keepalive: 20 } }, r2: }\nlinks: [r1 -- r2]"],
    [
      "routers: { r1: { timers: { hold: 30, keepalive: 20 } }, r2: { timers: { hold: 0 } } }\nlinks: [r1 -- r2]",
    ],
  ],
};

for (const [about, list] of Object.entries(cases)) {
  t.test(`${about} that are hardly meant give a warning, and a topology`, async (t) => {
    for (const [text, ...warnings] of list) {
      t.strictSame(warningsIn(`name: lab\n${text}`), warnings, text);
      t.ok(topologyOf(`name: lab\n${text}`));
    }
  });
}

t.test("a peer in another AS than wanted is a mistake, unless the session may stay down", async (t) => {
  const hint = "if the session must stay down, write expect: down";
  const mistakes = (remoteAs: string, asn: number) =>
    mistakesIn(
      `name: x\nrouters: { r1: { asn: 65000, remote-as: ${remoteAs} }, r2: { asn: ${asn} } }\nlinks: [r1 -- r2]`,
    );
  t.strictSame(mistakes("external", 65000), [
    `3:9 r1 wants an external peer, and r2 is in AS 65000, too | ${hint}`,
  ]);
  t.strictSame(mistakes("internal", 65001), [
    `3:9 r1 wants an internal peer, and r2 is in AS 65001 | ${hint}`,
  ]);
  t.strictSame(mistakes("65002", 65001), [`3:9 r1 wants AS 65002, and r2 is in AS 65001 | ${hint}`]);
  t.ok(
    topologyOf(
      "name: x\nrouters: { r1: { remote-as: internal }, r2: }\nlinks: [{ link: r1 -- r2, expect: down }]",
    ),
  );
});

t.test("the topologies that ship give no warning", async (t) => {
  const directory = new URL("../../topologies/", import.meta.url);
  for (const file of readdirSync(directory).filter((name) => name.endsWith(".yaml"))) {
    t.strictSame(warningsIn(readFileSync(new URL(file, directory), "utf8")), [], file);
  }
});

t.test("a graph falls into parts", async (t) => {
  t.strictSame(partsOf([], []), []);
  t.strictSame(
    partsOf(
      ["a", "b", "c", "d", "e"],
      [
        ["e", "a"],
        ["c", "d"],
        ["a", "e"],
      ],
    ),
    [["a", "e"], ["b"], ["c", "d"]],
  );
  const names = Array.from({ length: 50_000 }, (_, index) => `r${index}`);
  const chain = names.slice(1).map((name, index) => [names[index] ?? "", name] as const);
  t.equal(partsOf(names, chain).length, 1);
});
