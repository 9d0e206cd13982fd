import t from "tap";
import { stepLine, stepReasons } from "../../src/report/step-lines.ts";
import { failedStep, passedStep } from "./steps.ts";

t.test("a step that passed is told with its times, and what was lost", async (t) => {
  t.equal(
    stepLine(passedStep),
    "ok    kill spine1: detected after 2 ms, reconverged after 9 ms, settled after 110 ms, 3 of 22 pings from h1 to h2 lost",
  );
  t.equal(
    stepLine({ ...passedStep, flows: [], detectedAfterMs: null, reconvergedAfterMs: 0 }),
    "ok    kill spine1: nothing changed, settled after 110 ms",
  );
  t.strictSame(stepReasons(passedStep), []);
});

t.test("a step that failed is told with what is wrong, what happened, and how to do it again", async (t) => {
  t.equal(stepLine(failedStep), "FAIL  chaos: pause r1: not so after 500 ms");
  t.strictSame(stepReasons(failedStep), [
    "r2:eth0 is Established, expected down",
    "what happened:",
    "       0 ms  pause r1",
    "     120 ms  r2:eth0 is Idle: hold timer expired",
    "the same as steps:",
    '  - { name: "chaos: pause r1", do: [{ pause: "r1" }], within: 500ms }',
  ]);
});
