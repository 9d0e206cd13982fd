import t from "tap";
import { planOf } from "../support/lab-status.ts";
import { mistakesIn, topologyOf } from "./parsing.ts";

const lab = (expect: string, link = "r1 -- r2") =>
  `name: lab\nrouters: [${link.match(/r\d/g)}]\nlinks: [${link}]\nexpect:\n  ${expect}\n`;

const at = (line: number, column: number) => ({ file: "lab.yaml", line, column });

t.test("checks of a file are checks of single routers in the plan", async (t) => {
  const text = lab(
    [
      "for: 2s",
      "converges-within: 500ms",
      "sessions: [{ session: r1:eth0, state: Established, families: [ipv4-unicast], hold-time: 9, peer-as: 64513, last-error: x, flaps: 0, uptime: 2s, capabilities: [Role] }]",
      'routes: [{ router: "r*", prefix: 10.0.1.0/24, via: [eth0], as-path: "1 2", communities: [64512:7], local-pref: 5, med: 6, large-communities: ["1:2:3"], ext-communities: ["rt:64512:1"], origin: egp, next-hop: "fe80:0::2", decided-by: path }, { router: r1, count: 3 }]',
      "kernel: [{ router: r2, prefix: 10.0.1.0/24, present: false }]",
      'ping: [{ from: "*", to: r* }, { from: r1, to: 10.0.9.1, reaches: false }, { from: r1, to: r2, through: [r1, "r2:eth1"] }]',
    ].join("\n  "),
  );
  const route = { type: "route", prefix: "10.0.1.0/24", present: true, via: ["eth0"], asPath: "1 2" };
  const attributes = {
    communities: [(64512 << 16) + 7 + 2 ** 32],
    largeCommunities: [[1, 2, 3]],
    extendedCommunities: ["0002fc0000000001"],
    localPref: 5,
    med: 6,
    origin: "egp",
    nextHop: "fe80::2",
    decidedBy: "path",
    place: at(8, 12),
  };
  const through = [{ router: "r1" }, { router: "r2", ifname: "eth1" }];
  const { forMs, convergesWithinMs, checks } = planOf(text).expectation;
  t.strictSame([forMs, convergesWithinMs], [2000, 500]);
  t.strictSame(checks, [
    {
      type: "session",
      router: "r1",
      session: "eth0",
      state: "Established",
      families: [4],
      holdTime: 9,
      peerAsn: 64513,
      lastError: "x",
      flaps: 0,
      uptimeMs: 2000,
      capabilities: ["Role"],
      place: at(7, 14),
    },
    { ...route, router: "r1", ...attributes },
    { ...route, router: "r2", ...attributes },
    { type: "routeCount", router: "r1", count: 3, place: at(8, 244) },
    { type: "kernel", router: "r2", prefix: "10.0.1.0/24", present: false, place: at(9, 12) },
    { type: "ping", router: "r1", to: "r2", reaches: true, place: at(10, 10) },
    { type: "ping", router: "r2", to: "r1", reaches: true, place: at(10, 10) },
    { type: "ping", router: "r1", to: "10.0.9.1", reaches: false, place: at(10, 33) },
    { type: "ping", router: "r1", to: "r2", reaches: true, through, place: at(10, 77) },
  ]);
});

t.test("a session on a shared link is named with its peer's address, however that is written", async (t) => {
  const text = lab("sessions: [{ session: r1:eth0/fe80:0::2, hold-time: 9 }]", "[r1, r2, r3]");
  t.strictSame(topologyOf(text).expect.checks, [
    { type: "session", router: "r1", session: "eth0/fe80::2", holdTime: 9, place: at(5, 14) },
  ]);
});

t.test("a file without checks has none in its plan", async (t) => {
  t.strictSame(topologyOf(lab("within: 5s")).expect, { withinMs: 5000, settleMs: 100 });
});

const cases: readonly [expect: string, mistake: string, link?: string][] = [
  [
    "sessions: [{ session: r1 }]",
    '5:25 "r1" is not a session | write it as r1:eth0, a router and one of its interfaces, or as r1:eth0/fe80::3 on a shared link',
  ],
  ["sessions: [{ session: r1:eth7 }]", '5:25 no link has an end "r1:eth7" | it has r1:eth0'],
  [
    "sessions: [{ session: r9:eth0 }]",
    '5:25 no link has an end "r9:eth0" | write a router and one of its interfaces',
  ],
  [
    "sessions: [{ session: r1:eth0, state: down }]",
    "5:25 r1:eth0 cannot be down in a lab that has converged | write expect: down at its link",
  ],
  [
    "sessions: [{ session: r1:eth0 }]",
    "5:25 there is no session on r1:eth0 | its link says expect: none",
    "{ link: r1 -- r2, expect: none }",
  ],
  [
    "sessions: [{ session: r1:eth0, state: up }]",
    '5:41 expected a state, found "up" | states are Idle, Connect, Active, OpenSent, OpenConfirm, Established, down',
  ],
  [
    "sessions: [{ session: r1:eth0 }]",
    '5:25 no link has an end "r1:eth0" | it has r1:eth0/fe80::2, r1:eth0/fe80::3',
    "[r1, r2, r3]",
  ],
  [
    "sessions: [{ session: r1:eth0/here }]",
    '5:25 "r1:eth0/here" is not a session | write it as r1:eth0, a router and one of its interfaces, or as r1:eth0/fe80::3 on a shared link',
  ],
  ["routes: [{ router: r9, count: 1 }]", '5:22 no router is called "r9" | the routers are r1, r2'],
  [
    "routes: [{ router: r1 }]",
    "5:12 expected either a prefix or a count | write { router: r1, prefix: 10.0.1.0/24 } or { router: r1, count: 4 }",
  ],
  [
    "kernel: [{ router: x*, prefix: 10.0.1.0/24 }]",
    '5:22 "x*" stands for no router | the routers are r1, r2',
  ],
  [
    "routes: [{ router: r1, prefix: 10.0.1.0/24, next-hop: r2 }]",
    '5:57 "r2" is not an address | write it as fe80::2 or 10.0.0.1',
  ],
  ["ping: [{ from: r1, to: r2, through: [r9] }]", '5:40 no router is called "r9" | the routers are r1, r2'],
  [
    'ping: [{ from: r1, to: r2, through: ["r*"] }]',
    '5:40 "r*" is neither a router nor an interface | write it as r2, or as r2:eth1 with the interface that it sends by',
  ],
  [
    "ping: [{ from: r1, to: r2, reaches: false, through: [] }]",
    "5:55 what does not arrive has no way | leave through out, or reaches: false",
  ],
  ["ping: [{ from: r1, to: r9 }]", '5:26 no router is called "r9" | the routers are r1, r2'],
  [
    "ping: [{ from: r1, to: a/b }]",
    '5:26 "a/b" is neither a name nor an address | write the name of a router or host, or an address such as 10.0.1.1',
  ],
  ["for: 30s", "5:8 nothing can hold for 30000 ms within 30000 ms | for must be shorter than within"],
];

for (const [expect, mistake, link] of cases) {
  t.test(`a mistake in expect is named where it is: ${expect}`, async (t) => {
    t.strictSame(mistakesIn(lab(expect, link)), [mistake]);
  });
}

t.test("a session that must stay down may be said to be", async (t) => {
  const text = lab("sessions: [{ session: r1:eth0, state: down }]", "{ link: r1 -- r2, expect: down }");
  t.match(topologyOf(text).expect.checks, [{ state: "down" }]);
});
