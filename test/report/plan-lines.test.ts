import t from "tap";
import { planLines, planSummary } from "../../src/report/plan-lines.ts";
import { shippedPlan } from "../support/lab-status.ts";

t.test("a plan is told a line a thing", async (t) => {
  t.strictSame(planLines(shippedPlan("seed-pair"), [{ name: "speaker-1", command: ["node", "speaker"] }]), [
    "netns fe80.seed-pair.r1 10.0.1.1 2001:db8:1::1",
    "netns fe80.seed-pair.r2 10.0.2.1 2001:db8:2::1",
    "veth r1:eth0 fe80::1 ifindex 100 -- r2:eth0 fe80::2 ifindex 100 mtu 9500",
    "start speaker-1: node speaker",
  ]);
});

t.test("a plan is told in one line", async (t) => {
  t.equal(
    planSummary(shippedPlan("seed-pair")),
    "seed-pair is a valid topology: 2 routers, 1 link; expects 2 sessions and 8 routes",
  );
});
