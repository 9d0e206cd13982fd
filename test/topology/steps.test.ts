import t from "tap";
import { formatStepAction } from "../../src/topology/action.ts";
import type { Step } from "../../src/topology/step.ts";
import { mistakesIn, topologyOf, warningsIn } from "./parsing.ts";

const lab = (steps: string, more = "") => `name: lab
routers: { s1: , s2: , l1: { originate: [10.0.1.0/24] }, l2: , h1: { kind: host, addresses: [10.1.1.10/24] } }
links: [s* -- l*, h1 -- l1]
${more}steps: ${steps}
`;

const stepsOf = (steps: string, more?: string) => topologyOf(lab(steps, more)).steps;
const stepOf = (step: string): Step => {
  const [only] = stepsOf(`[${step}]`);
  if (!only) throw new Error("there is no step");
  return only;
};
const doneBy = (actions: string): string[] => {
  const { work } = stepOf(`{ do: ${actions} }`);
  return work.type === "actions" ? work.actions.map(formatStepAction) : [];
};

t.test("actions are resolved to parts of the lab", async (t) => {
  const cases: [written: string, done: string[]][] = [
    ["{ kill: s1 }", ["kill s1"]],
    ["{ stop: [s1, l*] }", ["stop s1", "stop l1", "stop l2"]],
    ["[{ pause: s1 }, { resume: s2, restart: l1 }]", ["pause s1", "restart l1", "resume s2"]],
    ["{ link-down: s1:eth0 }", ["link-down s1:eth0"]],
    ["{ link-down: l1 -- s2 }", ["link-down l1:eth1"]],
    ["{ link-down: s1 -- l* }", ["link-down s1:eth0", "link-down s1:eth1"]],
    ["{ link-up: s1 -- l1 }", ["link-up s1:eth0", "link-up l1:eth0"]],
    ["{ link-down: h1 }", ["link-down h1:eth0"]],
    ["{ link-flap: h1 -- l1 }", ["link-flap h1:eth0"]],
    ["{ link-flap: { link: s2:eth1, for: 1s } }", ["link-flap s2:eth1"]],
    ["{ blackhole: s1:eth0 }", ["blackhole s1:eth0"]],
    ["{ blackhole: [s1 -- l1] }", ["blackhole s1:eth0", "blackhole l1:eth0"]],
    ["{ unblackhole: s1 }", ["unblackhole s1:eth0", "unblackhole s1:eth1"]],
    [
      "{ partition: [[s1]] }",
      ["blackhole s1:eth0", "blackhole l1:eth0", "blackhole s1:eth1", "blackhole l2:eth0"],
    ],
    [
      "{ partition: [[s*, l1], [l2]] }",
      ["s1:eth1", "l2:eth0", "s2:eth1", "l2:eth1"].map((end) => `blackhole ${end}`),
    ],
    ["heal", ["heal"]],
    ["{ heal: }", ["heal"]],
    ["[heal, { kill: s1 }]", ["heal", "kill s1"]],
    ["{ reset: s1:eth0 }", ["reset s1:eth0"]],
    ["{ reset: l1 -- s1 }", ["reset l1:eth0"]],
    ["{ soft-reset: l1 -- s1 }", ["soft-reset l1:eth0", "soft-reset s1:eth0"]],
    ["{ announce: { router: l1, prefixes: 10.9.0.0/24 } }", ["announce 10.9.0.0/24 at l1"]],
    [
      '{ withdraw: { router: "s*", prefixes: [10.9.0.0/24, 2001:db8::/32] } }',
      ["withdraw 10.9.0.0/24, 2001:db8::/32 at s1", "withdraw 10.9.0.0/24, 2001:db8::/32 at s2"],
    ],
    ["{ configure: { s1: { med: 5 }, l1:eth0: { passive: true } } }", ["configure s1, l1:eth0"]],
  ];
  for (const [written, done] of cases) t.strictSame(doneBy(written), done, written);
});

t.test("a session on a shared link is named with its peer", async (t) => {
  const shared = (reset: string) =>
    topologyOf(
      `name: lab\nrouters: [r1, r2, r3]\nlinks: [[r1, r2, r3]]\nsteps: [{ do: { reset: ${reset} } }]`,
    ).steps[0]?.work;
  t.match(shared("r1:eth0/fe80::3"), { actions: [{ type: "reset", router: "r1", session: "eth0/fe80::3" }] });
  t.match(shared("r1 -- r2"), { actions: [{ session: "eth0/fe80::2" }] });
  t.match(shared("r1:eth0"), { actions: [{ session: "eth0/fe80::2" }, { session: "eth0/fe80::3" }] });
});

t.test("a step has a name, a place, limits, checks and flows of its own", async (t) => {
  const expect =
    "expect: { sessions: [{ session: s1:eth0, state: down }], routes: [{ router: l*, count: 1 }] }";
  const at = (column: number) => ({ file: "lab.yaml", line: 4, column });
  const step = `{ name: all dies, do: { kill: s1 }, ${expect}, within: 3s, for: 1s, repeat: 2, ping: [{ from: h1, to: l*, lost: 9 }] }`;
  t.strictSame(stepOf(step), {
    name: "all dies",
    place: { file: "lab.yaml", line: 4, column: 9 },
    work: { type: "actions", actions: [{ type: "kill", router: "s1" }] },
    checks: [
      { type: "session", router: "s1", session: "eth0", state: "down", place: at(66) },
      { type: "routeCount", router: "l1", count: 1, place: at(111) },
      { type: "routeCount", router: "l2", count: 1, place: at(111) },
    ],
    flows: [
      { from: "h1", to: "l1", maxLost: 9 },
      { from: "h1", to: "l2", maxLost: 9 },
    ],
    repeat: 2,
    limits: { withinMs: 3000, settleMs: 100, forMs: 1000 },
  });
});

t.test("without its own, a step has the limits of the lab, and the name of what it does", async (t) => {
  const steps = stepsOf(
    "[{ do: { kill: s1 } }, { chaos: { faults: 3 } }]",
    "expect: { within: 7s, settle: 50ms }\n",
  );
  t.match(steps, [
    { name: "kill s1", limits: { withinMs: 7000, settleMs: 50, forMs: 0 } },
    { name: "chaos", work: { type: "chaos", faults: 3, seed: 1 } },
  ]);
  t.equal(
    stepOf("{ do: [{ partition: [[s1, l1], [l2]] }, { link-down: s1:eth0, heal: }], within: 50ms }").name,
    "partition [[s1, l1], [l2]], link-down s1:eth0, heal",
  );
  t.equal(stepOf("{ do: { kill: s1 }, within: 50ms }").limits.settleMs, 25);
  t.equal(stepOf("{ do: { kill: s1 }, converges-within: 0.5 }").limits.convergesWithinMs, 500);
  t.strictSame(topologyOf("name: lab\nrouters: [r1]").steps, []);
});

t.test("settings add up from step to step, over what the file says", async (t) => {
  const steps = stepsOf(
    "[{ do: { configure: { s1: { med: 5, multipath: { maximum-paths: 2 } } } } }, { do: { configure: { s1:eth0: { local-pref: 7 }, s*: { timers: { hold: 30 } } } } }]",
  );
  const [first, second] = steps.map(({ work }) => (work.type === "actions" ? work.actions[0] : undefined));
  if (first?.type !== "configure" || second?.type !== "configure") throw new Error("both configure");
  t.strictSame(
    [...first.routers],
    [["s1", { ...first.routers.get("s1"), multipath: { maximumPaths: 2, asPathRelax: false } }]],
  );
  t.match(first.sessions.get("s1:eth0"), { med: 5, localPref: null, timers: { holdTime: 9 } });
  t.match(second.sessions.get("s1:eth0"), {
    med: 5,
    localPref: 7,
    timers: { holdTime: 30, keepaliveTime: 10 },
  });
  t.match(second.sessions.get("s1:eth1"), { med: 5, localPref: null, timers: { holdTime: 30 } });
  t.strictSame([...second.sessions.keys()].sort(), ["s1:eth0", "s1:eth1", "s2:eth0", "s2:eth1"]);
});

const mistakes: [steps: string, mistakes: string[], more?: string][] = [
  ["[{ do: { kil: s1 } }]", ['4:17 unknown key "kil" | did you mean kill?']],
  ["[{ do: { kill: s3 } }]", ['4:23 no router is called "s3" | the routers are s1, s2, l1, l2, h1']],
  ["[{ do: { kill: h1 } }]", ["4:23 h1 is a host, and runs nothing | only its link can fail"]],
  ["[{ do: { kill: [s1, x*] } }]", ['4:28 "x*" stands for no router | the routers are s1, s2, l1, l2, h1']],
  ["[{ do: {} }]", ["4:15 nothing is to be done | write it as { kill: r1 }"]],
  [
    "[{ do: reboot }]",
    [
      '4:15 expected what is to be done, found "reboot" | write what is to be done as { kill: r1 }, or as a list of such maps',
    ],
  ],
  ["[{ name: nothing }]", ["4:9 the step does nothing | write do, chaos or expect"]],
  [
    "[{ chaos: { faults: 5 }, do: heal }]",
    ["4:9 chaos stands without do and expect | make another step of what is beside it"],
  ],
  ["[{ chaos: { faults: 0 } }]", ["4:28 0 is not a number of faults | a whole number from 1 to 1000"]],
  [
    "[{ do: { link-down: s1:eth7 } }]",
    ['4:28 no link is "s1:eth7" | there are s1:eth0, s1:eth1; on a shared link name an end of it'],
  ],
  [
    "[{ do: { link-down: s1 -- s2 } }]",
    ['4:28 no link is "s1 -- s2" | there are s1:eth0, s1:eth1; on a shared link name an end of it'],
  ],
  [
    "[{ do: { link-down: s1 -- l1 -- s2 } }]",
    [
      '4:28 "s1 -- l1 -- s2" is more than one link | write an interface as r1:eth0, a link as r1 -- r2, all links of a router as r1',
    ],
  ],
  [
    "[{ do: { link-down: s1:eth0/fe80::3 } }]",
    [
      "4:28 this is a session, not an interface | write an interface as r1:eth0, a link as r1 -- r2, all links of a router as r1",
    ],
  ],
  ["[{ do: { link-flap: { link: s1:eth0, fr: 1s } } }]", ['4:45 unknown key "fr" | did you mean for?']],
  [
    "[{ do: { partition: [[s1, l1], [s*]] } }]",
    ["4:39 s1 is in two groups | groups have no router in common"],
  ],
  [
    "[{ do: { partition: [[s*, l*]] } }]",
    ["4:28 no link is between the groups | groups part routers that are linked"],
  ],
  [
    "[{ do: { announce: { router: s1, prefixes: [10.0.0.1/8] } } }]",
    ['4:52 "10.0.0.1/8" has bits set beyond its length | the prefix is 10.0.0.0/8'],
  ],
  ["[{ do: { announce: { router: s1 } } }]", ['4:27 "prefixes" is missing']],
  [
    "[{ do: { configure: { s9: { med: 5 } } } }]",
    ['4:34 no router is called "s9" | the routers are s1, s2, l1, l2, h1'],
  ],
  ["[{ do: { configure: { s1: { med: x } } } }]", ['4:41 expected a MED, found "x"']],
  [
    "[{ do: { configure: { s1:eth9: { med: 5 } } } }]",
    ['4:39 no link is "s1:eth9" | there are s1:eth0, s1:eth1; on a shared link name an end of it'],
  ],
  [
    "[{ do: { configure: { s1:eth0: { install: false } } } }]",
    ["4:50 install is a router's, not a session's | name the router alone"],
  ],
  [
    "[{ do: { configure: { s1: { import: strict } } } }]",
    ['4:44 no policy is called "strict" | there are no policies'],
  ],
  ["[{ do: { configure: { s1: { timers: { hold: 3, keepalive: 5 } } } } }]", []],
  [
    "[{ do: heal, within: 1s, for: 2s }]",
    ["4:38 nothing can stay the same for 2000 ms within 1000 ms | for must be shorter than within"],
  ],
  [
    "[{ do: heal, ping: [{ from: s1, to: x1 }] }]",
    ['4:44 no router is called "x1" | the routers are s1, s2, l1, l2, h1'],
  ],
  [
    "[{ do: heal, expect: { routes: [{ router: s9, count: 1 }] } }]",
    ['4:50 no router is called "s9" | the routers are s1, s2, l1, l2, h1'],
  ],
];

t.test("a mistake is told at its place", async (t) => {
  for (const [steps, told] of mistakes) {
    if (told.length > 0) t.strictSame(mistakesIn(lab(steps)), told, steps);
    else t.equal(mistakesIn(lab(steps)).length, 1, steps);
  }
});

t.test("a step that is over before a silence is noticed is warned of", async (t) => {
  const warned = (step: string, more?: string) => warningsIn(lab(`[${step}]`, more));
  t.strictSame(warned("{ do: { blackhole: s1 -- l1 }, within: 3s }"), [
    "4:9 some sessions notice this after their hold time of 9 s, and the step must be over within 3000 ms | give it a longer within, or the sessions shorter timers: { hold: 3 }",
  ]);
  t.equal(warned("{ do: { pause: s1 }, within: 9s }").length, 1);
  t.strictSame(warned("{ do: { pause: s1 }, within: 10s }"), []);
  t.strictSame(warned("{ do: { pause: s1 }, within: 9s }", "defaults: { timers: { hold: 3 } }\n"), []);
  t.strictSame(warned("{ do: { kill: s1, blackhole: h1 }, within: 1s }"), []);
});

const withKind = (kind: string, done: string) =>
  `name: lab\nrouters: { r1: , r2: { kind: ${kind} } }\nlinks: [r1 -- r2]\nsteps: [{ do: ${done} }]`;

t.test("a router is told nothing that its program cannot do, and the step that would is named", async (t) => {
  t.strictSame(mistakesIn(withKind("bird", "{ configure: { r*: { multipath: { maximum-paths: 4 } } } }")), [
    "4:47 r2 is of kind bird, which cannot do multipath | take it back at r2: multipath: ~",
  ]);
  const told = "{ configure: { r*: { med: 5 }, r2:eth0: { md5: secret, timers: { idle-hold: 2 } } } }";
  t.strictSame(mistakesIn(withKind("gobgp", told)), [
    "4:62 r2 is of kind gobgp, which cannot do md5 | take it back at r2: md5: ~",
    "4:91 r2 is of kind gobgp, which cannot do timers idle-hold | take it back at r2: timers: { idle-hold: ~ }",
  ]);
  const key = mistakesIn(withKind("frr", '{ configure: { r2:eth0: { md5: "a b" } } }'));
  t.match(key, [/^4:46 r2 is of kind frr, which would not read this key as it is/]);
  const policy = "{ configure: { r2: { import: [{ match: { med: 1-2 } }] } } }";
  t.strictSame(mistakesIn(withKind("frr", policy)), [
    "4:44 r2 is of kind frr, which cannot compare med with a range | write a rule for each number",
  ]);
});

t.test("what is said of another program's router is done", async (t) => {
  const { steps } = topologyOf(withKind("bird", "{ announce: { router: r2, prefixes: 10.9.0.0/16 } }"));
  t.match(steps[0]?.work, { actions: [{ type: "announce", router: "r2", prefixes: ["10.9.0.0/16"] }] });
});

t.test("a session is reset at the end that can", async (t) => {
  t.strictSame(mistakesIn(withKind("exabgp", "{ reset: r2:eth0 }")), [
    "4:24 the program of r2 cannot reset a session while it runs | reset it at its other end, or restart the router",
  ]);
  for (const [kind, target, end] of [
    ["gobgp", "r2 -- r1", "r1"],
    ["bird", "r2 -- r1", "r2"],
  ] as const) {
    const { steps } = topologyOf(withKind(kind, `{ reset: ${target} }`));
    t.match(steps[0]?.work, { actions: [{ type: "reset", router: end, session: "eth0" }] });
  }
});

t.test("a shared link cannot be cut between two of its routers", async (t) => {
  const text =
    "name: lab\nrouters: [r1, r2, r3]\nlinks: [[r1, r2, r3]]\nsteps: [{ do: { partition: [[r1]] } }]";
  t.strictSame(mistakesIn(text), [
    "4:28 r1 and r2 are on one shared link, which cannot be cut between them | put all routers of a shared link into one group",
  ]);
});
