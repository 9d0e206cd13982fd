import t from "tap";
import { leftInBudget, overBudget } from "../../src/lab/budget.ts";

const limits = { sessions: [], routes: [], withinMs: 5000, settleMs: 100 };
const tight = { ...limits, forMs: 200, convergesWithinMs: 500 };

t.test("nobody waits longer than for the last change in time, and what must hold after it", async (t) => {
  t.equal(leftInBudget(tight, 0), 750);
  t.equal(leftInBudget(tight, 400), 350);
  t.equal(leftInBudget(tight, 900), 250);
  t.equal(leftInBudget(limits, 0), Number.POSITIVE_INFINITY);
});

t.test("what came too late is told with both times", async (t) => {
  const reasons = (convergedAfterMs: number | null, elapsedMs: number) =>
    overBudget("the lab", tight, { convergedAfterMs, elapsedMs }).map(({ reason }) => reason);
  t.strictSame(reasons(500, 700), []);
  t.strictSame(reasons(500.6, 700), ["the lab converged in 501 ms, and must do so within 500 ms"]);
  t.strictSame(reasons(null, 750), ["the lab has not converged within 500 ms, and must have"]);
  t.strictSame(reasons(null, 300), [], "what ended it before was something else");
  t.strictSame(overBudget("the lab", limits, { convergedAfterMs: 4000, elapsedMs: 4100 }), []);
});
