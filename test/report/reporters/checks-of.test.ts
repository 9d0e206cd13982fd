import t from "tap";
import { Convergence } from "../../../src/checks/convergence.ts";
import { broken, type Explanation } from "../../../src/checks/why/explanation.ts";
import { createLabReport } from "../../../src/report/lab-report.ts";
import { checksOf } from "../../../src/report/reporters/checks-of.ts";
import { perfectStatus, planOf } from "../../support/lab-status.ts";

const plan = planOf(`name: chain
routers: { r1: { originate: [10.0.1.0/24] }, r2: , r3: }
links:
  - r1 -- r2
  - r2 -- r3
expect:
  routes:
    - { router: r3, count: 1 }`);

const cause = broken("carrier", "interface r1:eth0 has no carrier");
const explanations: readonly Explanation[] = [
  { subject: "r1:eth0 with r2:eth0", routers: ["r1", "r2"], state: "is Idle", findings: [cause], cause },
];

/** What is proven of a lab in which the session between r1 and r2 has not come up. */
function checks() {
  const { routers, sessions, routes } = perfectStatus(plan);
  const isCut = (session: { router: string; ifname: string }) =>
    session.ifname === "eth0" && session.router !== "r3";
  const convergence = new Convergence(plan);
  convergence.observe(
    {
      type: "status",
      routers,
      sessions: sessions.map((session) => (isCut(session) ? { ...session, state: "Idle" } : session)),
      routes: routes.filter(({ router }) => router === "r1"),
    },
    100,
  );
  const verdict = convergence.verdict(9999);
  const report = createLabReport({ plan, verdict, status: convergence.status(), explanations });
  return checksOf(plan, report, { withinMs: 1000 });
}

t.test("what follows from links and routers has the places where the file has these", async (t) => {
  const places = checks().map(({ name, place }) => [name.split(" ")[0], `${place?.line}:${place?.column}`]);
  t.strictSame(places, [
    ["chain", "4:5"],
    ["r1", "4:5"],
    ["r2", "4:11"],
    ["r3", "2:52"],
    ["the", "8:7"],
  ]);
});

t.test("each check that is not met begins with the cause, which may be another router's", async (t) => {
  const failed = checks().filter(({ passed }) => !passed);
  t.equal(failed.length, 5);
  for (const { name, reasons } of failed) {
    t.equal(reasons[0], "why r1:eth0 with r2:eth0 is Idle: carrier: interface r1:eth0 has no carrier", name);
    t.ok(reasons.length > 1, "and has what was found");
  }
});
