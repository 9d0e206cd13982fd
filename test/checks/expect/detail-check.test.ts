import t from "tap";
import type { RouteDetail } from "../../../src/bgp/control/route-detail.ts";
import { detailMismatch, needsDetail } from "../../../src/checks/expect/detail-check.ts";
import { prefix } from "../../../src/net/prefix.ts";
import type { Check } from "../../../src/plan/plan.ts";

const net = prefix("10.0.1.0/24");
const route = { type: "route", router: "r1", prefix: net, present: true } as const;
const kernel = { type: "kernel", router: "r1", prefix: net, present: true } as const;
const best = { attributes: { communities: [0xfc00_0007], localPref: 100 } } as unknown as RouteDetail;
const facts = { best, kernel: [{ prefix: net, vias: ["eth0", "eth1"] }] };

const cases: readonly [check: Check, mismatch: string | undefined][] = [
  [{ ...route, communities: [0xfc00_0007], localPref: 100 }, undefined],
  [
    { ...route, communities: [0xffff_ff01] },
    "the route of r1 to 10.0.1.0/24 lacks the communities no-export: it has 64512:7",
  ],
  [{ ...route, localPref: 200 }, "the route of r1 to 10.0.1.0/24 has LOCAL_PREF 100, expected 200"],
  [{ ...route, med: 0 }, "the route of r1 to 10.0.1.0/24 has MULTI_EXIT_DISC none, expected 0"],
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
    t.equal(detailMismatch(check, facts), mismatch);
  });
}

t.test("a router is asked only for what it does not tell by itself", async (t) => {
  t.equal(needsDetail(kernel), true);
  t.equal(needsDetail({ ...route, med: 0 }), true);
  t.equal(needsDetail({ ...route, via: ["eth0"] }), false);
  t.equal(needsDetail({ type: "routeCount", router: "r1", count: 1 }), false);
});

t.test("attributes of a route that is not there are not as they should be", async (t) => {
  t.equal(
    detailMismatch({ ...route, med: 0 }, { best: undefined, kernel: [] }),
    "r1 has no route to 10.0.1.0/24",
  );
});
