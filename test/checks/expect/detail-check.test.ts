import t from "tap";
import type { RouteDetail } from "../../../src/bgp/control/route-detail.ts";
import { detailMismatch, needsDetail } from "../../../src/checks/expect/detail-check.ts";
import { prefix } from "../../../src/net/prefix.ts";
import type { Check } from "../../../src/plan/plan.ts";
import { seedSession } from "../../support/session-detail.ts";

const net = prefix("10.0.1.0/24");
const route = { type: "route", router: "r1", prefix: net, present: true } as const;
const kernel = { type: "kernel", router: "r1", prefix: net, present: true } as const;
const attributes = {
  communities: [0xfc00_0007],
  largeCommunities: [[64512, 1, 2]],
  extendedCommunities: ["0002fc0000000001"],
  localPref: 100,
  origin: "igp",
};
const best = { attributes } as unknown as RouteDetail;
const since = "2026-01-29T05:00:00.000Z";
const session = { ...seedSession(), state: "Established", since } as const;
const nowMs = Date.parse(since) + 1500;
const facts = { best, kernel: [{ prefix: net, vias: ["eth0", "eth1"] }], session, nowMs };
const own = { type: "session", router: "r1", session: "eth0" } as const;

const cases: readonly [check: Check, mismatch: string | RegExp | undefined][] = [
  [{ ...route, communities: [0xfc00_0007], localPref: 100 }, undefined],
  [
    { ...route, communities: [0xffff_ff01] },
    "the route of r1 to 10.0.1.0/24 lacks the communities no-export: it has 64512:7",
  ],
  [{ ...route, localPref: 200 }, "the route of r1 to 10.0.1.0/24 has LOCAL_PREF 100, expected 200"],
  [{ ...route, med: 0 }, "the route of r1 to 10.0.1.0/24 has MULTI_EXIT_DISC none, expected 0"],
  [{ ...route, largeCommunities: [[64512, 1, 2]], extendedCommunities: ["0002fc0000000001"] }, undefined],
  [
    { ...route, largeCommunities: [[1, 2, 3]] },
    "the route of r1 to 10.0.1.0/24 lacks the large communities 1:2:3: it has 64512:1:2",
  ],
  [
    { ...route, extendedCommunities: ["0003fc0000000001"] },
    "the route of r1 to 10.0.1.0/24 lacks the extended communities soo:64512:1: it has rt:64512:1",
  ],
  [{ ...route, origin: "egp" }, "the route of r1 to 10.0.1.0/24 has ORIGIN igp, expected egp"],
  [{ ...own, uptimeMs: 1500, capabilities: ["route refresh", "mp-extensions 1/1"] }, undefined],
  [{ ...own, uptimeMs: 2000 }, "r1:eth0 is Established for 1500 ms, expected 2000 ms"],
  [
    { ...own, capabilities: ["role customer"] },
    /^the peer of r1:eth0 announces no role customer: .*Route Refresh/,
  ],
  [{ ...kernel, via: ["eth1", "eth0"] }, undefined],
  [{ ...kernel, via: ["eth0"] }, "the kernel of r1 has 10.0.1.0/24: via eth0, eth1, expected via eth0"],
  [{ ...kernel, via: [] }, "the kernel of r1 has 10.0.1.0/24: via eth0, eth1, expected packets are dropped"],
  [
    { ...kernel, present: false },
    "the kernel of r1 has a route to 10.0.1.0/24: via eth0, eth1, expected none",
  ],
  [{ ...kernel, prefix: prefix("10.9.0.0/16") }, "the kernel of r1 has no route to 10.9.0.0/16"],
  [{ ...kernel, prefix: prefix("10.9.0.0/16"), present: false }, undefined],
  [{ type: "routeCount", router: "r1", count: 1 }, undefined],
];

for (const [check, mismatch] of cases) {
  t.test(`${JSON.stringify(check)} comes to ${mismatch ?? "nothing"}`, async (t) => {
    if (typeof mismatch === "object") t.match(detailMismatch(check, facts), mismatch);
    else t.equal(detailMismatch(check, facts), mismatch);
  });
}

t.test("a session that is not up has no uptime, and who does not tell of OPENs has none", async (t) => {
  const idle = { ...facts, session: { ...session, state: "Idle" } as const };
  const { messages: _, ...status } = session;
  t.equal(detailMismatch({ ...own, uptimeMs: 1 }, idle), "r1:eth0 is Idle, or since when it is nobody tells");
  t.equal(
    detailMismatch({ ...own, capabilities: ["route refresh"] }, { ...facts, session: status }),
    "r1:eth0 does not tell what its peer's OPEN announces",
  );
});

t.test("a router is asked only for what it does not tell by itself", async (t) => {
  t.equal(needsDetail(kernel), true);
  t.equal(needsDetail({ ...route, med: 0 }), true);
  t.equal(needsDetail({ ...route, via: ["eth0"] }), false);
  t.equal(needsDetail({ ...own, flaps: 0 }), false);
  t.equal(needsDetail({ ...own, uptimeMs: 5 }), true);
  t.equal(needsDetail({ type: "routeCount", router: "r1", count: 1 }), false);
});

t.test("attributes of a route that is not there are not as they should be", async (t) => {
  t.equal(
    detailMismatch({ ...route, med: 0 }, { ...facts, best: undefined, kernel: [] }),
    "r1 has no route to 10.0.1.0/24",
  );
});
