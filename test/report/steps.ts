import type { StepReport } from "../../src/report/step-report.ts";

const met = { met: 2, expected: 2 };

/** A step that passed. */
export const passedStep: StepReport = {
  name: "kill spine1",
  place: { file: "labs/seed-pair.yaml", line: 7, column: 5 },
  passed: true,
  actions: ["kill spine1"],
  detectedAfterMs: 2,
  reconvergedAfterMs: 9,
  settledAfterMs: 110,
  durationMs: 112,
  expected: { sessions: met, routes: met },
  flows: [{ from: "h1", to: "h2", sent: 22, lost: 3 }],
  problems: [],
  explanations: [],
  timeline: [],
  steps: [],
};

/** A step that a seed chose, and that failed. */
export const failedStep: StepReport = {
  ...passedStep,
  name: "chaos: pause r1",
  passed: false,
  actions: ["pause r1"],
  reconvergedAfterMs: null,
  settledAfterMs: null,
  durationMs: 500,
  flows: [],
  problems: [{ type: "check", router: "r2", reason: "r2:eth0 is Established, expected down" }],
  timeline: [
    { afterMs: 0, text: "pause r1" },
    { afterMs: 120, text: "r2:eth0 is Idle: hold timer expired" },
  ],
  steps: ['- { name: "chaos: pause r1", do: [{ pause: "r1" }], within: 500ms }'],
};
