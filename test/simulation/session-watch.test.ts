import t from "tap";
import type { SessionStatus } from "../../src/bgp/control/status.ts";
import { SessionWatch } from "../../src/simulation/session-watch.ts";
import { sessionOf, shippedPlan } from "../support/lab-status.ts";

const plan = shippedPlan("seed-pair");
const [expected] = plan.expectation.sessions;

function watch(...changes: Partial<SessionStatus>[]): readonly string[] {
  const watch = new SessionWatch();
  if (!expected) throw new Error("the plan has no session");
  for (const change of changes)
    watch.observe({ type: "session", session: sessionOf(plan, expected, change) });
  return watch.problems;
}

t.test("a session may come up on another connection only after it was down", async (t) => {
  t.strictSame(watch({ connectionId: "a" }, { connectionId: "a" }), []);
  t.strictSame(
    watch({ connectionId: "a" }, { state: "Idle", connectionId: null }, { connectionId: "b" }),
    [],
  );
  t.strictSame(watch({ connectionId: "a" }, { connectionId: "b" }), [
    "r1:eth0 was Established on connection a and is on b too",
  ]);
});
