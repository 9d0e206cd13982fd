import t from "tap";
import { peersOf, routePath } from "../../../src/checks/why/route-path.ts";
import { prefix } from "../../../src/net/prefix.ts";
import { planOf } from "../../support/lab-status.ts";

const plan = planOf(
  [
    "name: lan",
    "routers: { r1: { originate: [10.0.1.0/24] }, r2: {}, r3: {}, r4: {} }",
    "links: [[r1, r2, r3], r3 -- r4]",
  ].join("\n"),
);

t.test("a route's way over a shared link is told by the sessions there", async (t) => {
  t.strictSame(routePath(plan, { router: "r4", prefix: prefix("10.0.1.0/24") }), {
    hops: [
      { router: "r1", from: null, to: "eth0/fe80::3" },
      { router: "r3", from: "eth0/fe80::1", to: "eth1" },
      { router: "r4", from: "eth0", to: null },
    ],
    expected: true,
  });
});

t.test("where no route is expected, its way is the shortest one over sessions", async (t) => {
  const nothing = { ...plan, expectation: { ...plan.expectation, routes: [] } };
  const { hops, expected } = routePath(nothing, { router: "r2", prefix: prefix("10.0.1.0/24") });
  t.strictSame(
    [hops.map(({ router, from }) => [router, from]), expected],
    [
      [
        ["r1", null],
        ["r2", "eth0/fe80::1"],
      ],
      false,
    ],
  );
});

t.test("both ends of a session on a shared link know each other", async (t) => {
  const peers = peersOf(plan);
  t.strictSame(peers.get("r1:eth0/fe80::3"), { router: "r3", ifname: "eth0", session: "eth0/fe80::1" });
  t.strictSame(peers.get("r3:eth0/fe80::1"), { router: "r1", ifname: "eth0", session: "eth0/fe80::3" });
  t.equal(peers.get("r1:eth0"), undefined);
});
