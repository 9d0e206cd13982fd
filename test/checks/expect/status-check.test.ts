import t from "tap";
import type { RouteStatus, SessionStatus } from "../../../src/bgp/control/status.ts";
import { Convergence } from "../../../src/checks/convergence.ts";
import { statusMismatch } from "../../../src/checks/expect/status-check.ts";
import type { Address } from "../../../src/net/address.ts";
import type { Asn } from "../../../src/net/asn.ts";
import { prefix } from "../../../src/net/prefix.ts";
import type { Check } from "../../../src/plan/plan.ts";
import { perfectStatus, planOf, shippedPlan } from "../../support/lab-status.ts";

const pair = shippedPlan("seed-pair");
const [session] = perfectStatus(pair).sessions as [SessionStatus];
const route = perfectStatus(pair).routes.find(({ via }) => via !== null) as RouteStatus;
const facts = {
  sessionCalled: (name: string) => (name === session.session ? session : undefined),
  routeTo: (text: string) => (text === route.prefix ? route : undefined),
  routeCount: 4,
};
const own = { type: "session", router: session.router, session: session.session } as const;
const to = { type: "route", router: route.router, prefix: route.prefix, present: true } as const;
const name = `${session.router}:${session.session}`;
const elsewhere = prefix("10.99.0.0/16");

const cases: readonly [check: Check, mismatch: string | undefined][] = [
  [{ ...own, state: "Established", families: [6, 4], holdTime: 6 }, undefined],
  [{ ...own, state: "down" }, `${name} is Established, expected down`],
  [{ ...own, state: "Idle" }, `${name} is Established, expected Idle`],
  [{ ...own, families: [4] }, `${name} exchanges IPv4 and IPv6, expected IPv4`],
  [{ ...own, holdTime: 9 }, `${name} has hold time 6, expected 9`],
  [{ ...own, peerAsn: 7 as Asn }, `${name} has a peer of AS ${session.peerAsn}, expected 7`],
  [{ ...own, lastError: "bad" }, `the last error of ${name} is none, expected one with "bad"`],
  [{ ...own, flaps: 0 }, undefined],
  [{ ...own, flaps: 2 }, `${name} has flapped 0 times, expected 2`],
  [{ ...own, session: "eth9" }, `${session.router}:eth9 is not known: its router has not told of it`],
  [{ ...to, via: ["eth0"], asPath: "64512" }, undefined],
  [{ ...to, via: [] }, `${to.router} reaches ${to.prefix} via eth0, expected by itself, or not at all`],
  [{ ...to, asPath: "1" }, `the route of ${to.router} to ${to.prefix} has the AS path "64512", expected "1"`],
  [{ ...to, nextHop: "fe80::99" as Address, decidedBy: route.decidedBy.toUpperCase() }, undefined],
  [
    { ...to, nextHop: "fe80::9" as Address },
    `the route of ${to.router} to ${to.prefix} has the next hop ${route.nextHop}, expected fe80::9`,
  ],
  [
    { ...to, decidedBy: "luck" },
    `the route of ${to.router} to ${to.prefix} is the best by "${route.decidedBy}", expected by "luck"`,
  ],
  [
    { ...to, via: [], asPath: "1" },
    `${to.router} reaches ${to.prefix} via eth0, expected by itself, or not at all; the route of ${to.router} to ${to.prefix} has the AS path "64512", expected "1"`,
  ],
  [{ ...to, present: false }, `${to.router} has a route to ${to.prefix} via eth0, expected none`],
  [{ ...to, prefix: elsewhere }, `${to.router} has no route to 10.99.0.0/16`],
  [{ ...to, prefix: elsewhere, present: false }, undefined],
  [{ type: "routeCount", router: "r1", count: 4 }, undefined],
  [{ type: "routeCount", router: "r1", count: 5 }, "r1 has a route to 4 prefixes, expected 5"],
  [{ type: "kernel", router: "r1", prefix: elsewhere, present: true }, undefined],
];

for (const [check, mismatch] of cases) {
  t.test(`${JSON.stringify(check)} comes to ${mismatch ?? "nothing"}`, async (t) => {
    t.equal(statusMismatch(check, facts), mismatch);
  });
}

const checked = planOf(
  "name: pair\nrouters: { r1: { originate: [10.0.1.0/24] }, r2: }\nlinks: [r1 -- r2]\nexpect: { for: 2s, routes: [{ router: r2, prefix: 10.0.1.0/24, as-path: '64512 7' }] }",
);

t.test("a lab whose check is not met has not converged, until it is", async (t) => {
  const convergence = new Convergence(checked);
  const status = perfectStatus(checked);
  convergence.observe({ type: "status", ...status }, 100);
  t.equal(convergence.settlesAtMs, undefined);
  const reason = 'the route of r2 to 10.0.1.0/24 has the AS path "64512", expected "64512 7"';
  const place = { file: "lab.yaml", line: 4, column: 29 };
  t.strictSame(convergence.verdict(200).problems, [
    { type: "check", router: "r2", reason, prefix: "10.0.1.0/24", place },
  ]);
  const route = status.routes.find(({ router }) => router === "r2") as RouteStatus;
  convergence.observe({ type: "route", route: { ...route, asPath: "64512 7" } }, 300);
  t.equal(convergence.settlesAtMs, 2300, "it must stay so for two seconds");
  t.match(convergence.verdict(1000).problems, [
    { reason: "all is as expected for 700 ms, and must be so for 2000 ms" },
  ]);
  t.match(convergence.verdict(2300), { converged: true, convergedAtMs: 300, problems: [] });
});

t.test("what was right must be right without a break", async (t) => {
  const convergence = new Convergence(checked);
  const status = perfectStatus(checked);
  const routes = status.routes.map((each) => (each.router === "r2" ? { ...each, asPath: "64512 7" } : each));
  convergence.observe({ type: "status", ...status, routes }, 100);
  t.equal(convergence.settlesAtMs, 2100);
  convergence.lose(["r2"], "gone");
  t.match(convergence.verdict(150).problems, [
    { type: "router" },
    { type: "check", reason: "r2 does not answer" },
  ]);
  convergence.observe({ type: "status", ...status, routes }, 1000);
  t.equal(convergence.settlesAtMs, 3000);
  t.equal(new Convergence(checked, { settleMs: 0 }).settlesAtMs, undefined);
});
