import t from "tap";
import type { RouteStatus, SessionStatus, Status } from "../../src/bgp/control/status.ts";
import { Convergence } from "../../src/checks/convergence.ts";
import { type Address, parseRouterId } from "../../src/net/address.ts";
import { asn } from "../../src/net/asn.ts";
import { prefix } from "../../src/net/prefix.ts";
import { perfectStatus, planOf, shippedPlan } from "../support/lab-status.ts";

const pair = shippedPlan("seed-pair");
const perfect = perfectStatus(pair);
const settleMs = pair.expectation.settleMs;

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error(`no item ${index}`);
  return item;
}

/** The perfect status with some sessions and routes changed. */
function withChanges(changes: {
  session?: (session: SessionStatus) => SessionStatus | undefined;
  route?: (route: RouteStatus) => RouteStatus | undefined;
}): Status {
  return {
    routers: perfect.routers,
    sessions: perfect.sessions.flatMap((session) => (changes.session ?? ((same) => same))(session) ?? []),
    routes: perfect.routes.flatMap((route) => (changes.route ?? ((same) => same))(route) ?? []),
  };
}

t.test("a lab has converged once all is as expected and has stayed so for the settling time", async (t) => {
  const convergence = new Convergence(pair);
  t.equal(convergence.settlesAtMs, undefined);
  t.equal(convergence.answeredAtMs, undefined);
  convergence.observe({ type: "status", ...perfect }, 100);
  t.equal(convergence.answeredAtMs, 100);
  t.equal(convergence.settlesAtMs, 100 + settleMs);
  t.match(convergence.verdict(100 + settleMs - 1), {
    converged: false,
    problems: [
      {
        type: "lab",
        reason: `all is as expected, but the last change was ${settleMs - 1} ms ago, and it must stay so for ${settleMs} ms`,
      },
    ],
  });
  t.strictSame(convergence.verdict(100 + settleMs), {
    converged: true,
    convergedAtMs: 100,
    sessions: { met: 2, expected: 2 },
    routes: { met: 8, expected: 8 },
    problems: [],
  });
});

t.test("a repeated status is no change", async (t) => {
  const convergence = new Convergence(pair);
  convergence.observe({ type: "status", ...perfect }, 100);
  convergence.observe({ type: "status", ...perfect }, 150);
  t.equal(convergence.settlesAtMs, 100 + settleMs);
});

t.test("events on the way are counted one by one", async (t) => {
  const convergence = new Convergence(pair);
  convergence.observe({ type: "status", routers: perfect.routers, sessions: [], routes: [] }, 1);
  for (const session of perfect.sessions) convergence.observe({ type: "session", session }, 2);
  for (const route of perfect.routes) convergence.observe({ type: "route", route }, 3);
  t.equal(convergence.settlesAtMs, 3 + settleMs);
  const route = at(perfect.routes, 0);
  convergence.observe({ type: "routeGone", router: route.router, prefix: route.prefix }, 4);
  t.equal(convergence.settlesAtMs, undefined);
  t.strictSame(convergence.verdict(4).routes, { met: 7, expected: 8 });
  convergence.observe({ type: "route", route }, 5);
  t.equal(convergence.settlesAtMs, 5 + settleMs);
  t.strictSame(new Set(convergence.status().routes), new Set(perfect.routes));
  t.strictSame(convergence.status().sessions, perfect.sessions);
});

t.test("a session that came up anew between two looks starts the settling again", async (t) => {
  const session = at(perfect.sessions, 0);
  for (const change of [{ establishedCount: 2 }, { connectionId: "0badcafe" }]) {
    const convergence = new Convergence(pair);
    convergence.observe({ type: "status", ...perfect }, 100);
    convergence.observe({ type: "session", session: { ...session, ...change } }, 150);
    t.equal(convergence.settlesAtMs, 150 + settleMs, Object.keys(change).join());
  }
});

t.test("what a router no longer names in a whole status is gone", async (t) => {
  const convergence = new Convergence(pair);
  convergence.observe({ type: "status", ...perfect }, 100);
  convergence.observe({ type: "status", ...withChanges({ route: () => undefined }) }, 200);
  t.strictSame(convergence.verdict(9999).routes, { met: 0, expected: 8 });
});

t.test("a router that stops answering is a problem until it answers again", async (t) => {
  const convergence = new Convergence(pair);
  convergence.observe({ type: "status", ...perfect }, 100);
  convergence.lose(["r1"], "ECONNREFUSED");
  const { converged, problems, sessions, routes } = convergence.verdict(9999);
  t.equal(converged, false);
  const reason = "r1 does not answer: ECONNREFUSED";
  const place = { file: "lab.yaml", line: 11, column: 3 };
  t.strictSame(problems, [{ type: "router", router: "r1", reason, place }]);
  t.strictSame([sessions.met, routes.met], [1, 4]);
  t.strictSame(
    convergence.status().routers.map(({ router }) => router),
    ["r2"],
  );
  convergence.observe({ type: "status", ...perfect }, 300);
  t.equal(convergence.settlesAtMs, 300 + settleMs);
});

t.test("a router without links or prefixes must answer too", async (t) => {
  const lonely = planOf("name: lonely\nrouters:\n  r1:\nlinks: []\n");
  const convergence = new Convergence(lonely);
  convergence.lose(["r1"], "gone");
  t.equal(convergence.settlesAtMs, undefined);
});

const [r1, r2] = [at(perfect.sessions, 0), at(perfect.sessions, 1)];
const far = prefix("10.0.2.0/24");
const onR1 = (change: Partial<SessionStatus>) =>
  withChanges({ session: (session) => (session === r1 ? { ...session, ...change } : session) });
/** A best route over the first interface, used with one over each of the others. */
const over = (...vias: string[]): Partial<RouteStatus> => ({
  via: at(vias, 0),
  nextHop: "fe80::9" as Address,
  nextHops: vias.map((via) => ({ via, nextHop: "fe80::9" as Address })),
});
const toFar = (change: Partial<RouteStatus> | undefined, and: Partial<SessionStatus> = {}) =>
  withChanges({
    session: (session) => (session === r1 ? { ...session, ...and } : session),
    route: (route) => {
      if (route.router !== "r1" || route.prefix !== far) return route;
      return change && { ...route, ...change };
    },
  });

const cases: { name: string; status: Status; reasons: string[] }[] = [
  {
    name: "a session that waits",
    status: onR1({ state: "Active", waitingFor: "a Router Advertisement on eth0" }),
    reasons: ["r1:eth0 with r2:eth0 is Active, waiting for a Router Advertisement on eth0"],
  },
  {
    name: "a session with an error behind it",
    status: onR1({ state: "Idle", waitingFor: "the idle hold timer", lastError: "connect: ECONNREFUSED" }),
    reasons: [
      "r1:eth0 with r2:eth0 is Idle, waiting for the idle hold timer; last error: connect: ECONNREFUSED",
    ],
  },
  {
    name: "a session nothing is known of",
    status: withChanges({ session: (session) => (session === r1 ? undefined : session) }),
    reasons: ["r1:eth0 with r2:eth0 is not known: its router has not told of it"],
  },
  {
    name: "another AS than expected",
    status: onR1({ peerAsn: asn(65000) }),
    reasons: ["r1:eth0 with r2:eth0 is Established with AS 65000, expected AS 64513"],
  },
  {
    name: "another router than expected",
    status: onR1({ peerRouterId: parseRouterId("9.9.9.9") ?? null }),
    reasons: ["r1:eth0 with r2:eth0 is Established with router id 9.9.9.9, expected 0.0.0.2"],
  },
  {
    name: "a family that was not negotiated",
    status: onR1({ families: [6] }),
    reasons: ["r1:eth0 with r2:eth0 is Established without IPv4 unicast"],
  },
  {
    name: "a route whose session is down",
    status: toFar(undefined, { state: "Connect" }),
    reasons: [
      "r1:eth0 with r2:eth0 is Connect",
      "r1 has no route to 10.0.2.0/24: its session with r2 (eth0) is not Established",
    ],
  },
  {
    name: "a route that the peer has and has not brought",
    status: toFar(undefined),
    reasons: ["r1 has no route to 10.0.2.0/24: r2 (eth0) has one, but it has not come over the session"],
  },
  {
    name: "a route that the peer lacks too",
    status: withChanges({ route: (route) => (route.prefix === far ? undefined : route) }),
    reasons: [
      "r1 has no route to 10.0.2.0/24: r2 (eth0) has none either",
      "r2 has no route to 10.0.2.0/24: it does not originate it",
    ],
  },
  {
    name: "another way than expected",
    status: toFar({ ...over("eth1"), decidedBy: "shortest AS path" }),
    reasons: ["r1 reaches 10.0.2.0/24 via eth1 (shortest AS path), expected via eth0"],
  },
  {
    name: "more ways than expected",
    status: toFar({ ...over("eth0", "eth1", "eth2"), decidedBy: "lowest peer router ID" }),
    reasons: ["r1 reaches 10.0.2.0/24 via eth0, eth1 and eth2 (lowest peer router ID), expected via eth0"],
  },
  {
    name: "packets that are dropped",
    status: toFar({ nextHops: [] }),
    reasons: ["r1 reaches 10.0.2.0/24 via eth0, dropping packets (only path), expected via eth0"],
  },
  {
    name: "a route that the kernel refused",
    status: toFar({ kernel: "refused: EINVAL" }),
    reasons: ["the kernel of r1 refused the route to 10.0.2.0/24: EINVAL"],
  },
  {
    name: "a route that the kernel does not have",
    status: toFar({ kernel: "not in the kernel's table" }),
    reasons: ["the kernel of r1 does not use the route to 10.0.2.0/24: not in the kernel's table"],
  },
  {
    name: "a route from nowhere",
    status: withChanges({
      route: (route) => (route.prefix === far ? { ...route, prefix: prefix("192.0.2.0/24") } : route),
    }),
    reasons: [
      "r1 has no route to 10.0.2.0/24: r2 (eth0) has none either",
      "r2 has no route to 10.0.2.0/24: it does not originate it",
      "r1 has a route to 192.0.2.0/24, which nothing in the lab should bring it",
      "r2 has a route to 192.0.2.0/24, which nothing in the lab should bring it",
    ],
  },
];

for (const { name, status, reasons } of cases) {
  t.test(`${name} has its reason told`, async (t) => {
    const convergence = new Convergence(pair);
    convergence.observe({ type: "status", ...status }, 0);
    const { converged, problems } = convergence.verdict(60_000);
    t.equal(converged, false);
    t.equal(convergence.settlesAtMs, undefined);
    t.strictSame(
      problems.map(({ reason }) => reason),
      reasons,
    );
  });
}

t.test("a session's problem carries its last five transitions", async (t) => {
  const history = Array.from({ length: 8 }, (_, index) => ({
    time: `2026-01-29T00:00:0${index}.000Z`,
    from: "Idle" as const,
    to: "Connect" as const,
    event: "manual start",
  }));
  const convergence = new Convergence(pair);
  convergence.observe({ type: "status", ...perfect }, 0);
  convergence.observe({ type: "session", session: { ...r2, state: "Active", history } }, 1);
  const [problem] = convergence.verdict(1).problems;
  t.strictSame(problem?.type === "session" && problem.history, history.slice(3));
});

t.test("an event costs what it changes, not what the lab holds", async (t) => {
  const count = 100;
  const routers = Array.from(
    { length: count },
    (_, index) => `  r${index}: { originate: [10.0.${index}.0/24] }`,
  );
  const links = Array.from({ length: count }, (_, index) => `  - r${index} -- r${(index + 1) % count}`);
  const ring = planOf(`name: ring\nrouters:\n${routers.join("\n")}\nlinks:\n${links.join("\n")}\n`);
  const convergence = new Convergence(ring);
  const status = perfectStatus(ring);
  convergence.observe({ type: "status", ...status, routes: [] }, 0);
  const started = process.cpuUsage();
  for (const route of status.routes) {
    convergence.observe({ type: "route", route }, 1);
    convergence.settlesAtMs;
  }
  const { user } = process.cpuUsage(started);
  t.equal(status.routes.length, count * count);
  t.equal(convergence.settlesAtMs, 1 + ring.expectation.settleMs);
  t.ok(user < 1_000_000, `${status.routes.length} routes took ${user} µs`);
});

t.test("the ways of a multipath may be told in any order, and none may be missing", async (t) => {
  const fabric = planOf(
    [
      "name: fabric",
      "defaults: { multipath: { maximum-paths: 2 } }",
      "routers: { s1: { asn: 1 }, s2: { asn: 1 }, l1: { originate: [10.0.0.0/8] }, l2: { install: false } }",
      "links: [s1 -- l1, s2 -- l1, s1 -- l2, s2 -- l2]",
    ].join("\n"),
  );
  const status = perfectStatus(fabric);
  const reasons = (change: (route: RouteStatus) => RouteStatus) => {
    const convergence = new Convergence(fabric, { settleMs: 0 });
    const routes = status.routes.map((route) => (route.router === "l2" ? change(route) : route));
    convergence.observe({ type: "status", ...status, routes }, 0);
    return convergence.verdict(0).problems.map(({ reason }) => reason);
  };
  t.strictSame(
    reasons((route) => route),
    [],
  );
  t.strictSame(
    reasons((route) => ({ ...route, nextHops: route.nextHops.toReversed() })),
    [],
  );
  t.strictSame(
    reasons((route) => ({ ...route, nextHops: route.nextHops.slice(0, 1) })),
    ["l2 reaches 10.0.0.0/8 via eth0 (only path), expected via eth0 and eth1"],
  );
  t.strictSame(
    reasons((route) => ({ ...route, kernel: "installed" })),
    ["l2 should keep the route to 10.0.0.0/8 out of the kernel, where it is installed"],
  );
});

t.test("to an open prefix there may be any route, or none", async (t) => {
  const open = prefix("192.0.2.0/24");
  const expectation = { ...pair.expectation, openPrefixes: [open] };
  const convergence = new Convergence({ ...pair, expectation });
  const routes = [...perfect.routes, { ...at(perfect.routes, 0), prefix: open }];
  convergence.observe({ type: "status", ...perfect, routes }, 0);
  t.equal(convergence.settlesAtMs, settleMs);
  convergence.observe({ type: "routeGone", router: at(routes, 0).router, prefix: open }, 10);
  t.equal(convergence.settlesAtMs, settleMs + 10, "which is a change");
});
