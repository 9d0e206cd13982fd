import { Convergence } from "../../../src/checks/convergence.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import { createLabReport, type LabReport } from "../../../src/report/lab-report.ts";
import { checksOf } from "../../../src/report/reporters/checks-of.ts";
import type { LabResult, TestEvent } from "../../../src/report/reporters/event.ts";
import { perfectStatus, planOf, shippedPlan } from "../../support/lab-status.ts";

const seedPair = shippedPlan("seed-pair");

const asking = planOf(`name: asking
routers: { r1: { originate: [10.0.1.0/24] }, r2: }
links: [r1 -- r2]
expect:
  routes:
    - { router: "r*", count: 2 }
    - { router: r2, prefix: 10.0.1.0/24, as-path: "64512" }
  kernel:
    - { router: r2, prefix: 10.0.1.0/24 }
`);

function reportOf({ wrong }: { wrong: boolean }, plan: Plan): LabReport {
  const convergence = new Convergence(plan);
  const status = perfectStatus(plan);
  const routes = wrong ? status.routes.filter(({ prefix }) => prefix !== "10.0.2.0/24") : status.routes;
  convergence.observe({ type: "status", ...status, routes }, 284);
  const facts = { verdict: convergence.verdict(9999), status: convergence.status(), startedAtMs: 100 };
  return createLabReport({ plan, ...facts });
}

function resultOf(change: Partial<LabResult>, report: LabReport | null, plan = seedPair): LabResult {
  return {
    file: "labs/seed-pair.yaml",
    lab: "seed-pair",
    outcome: "passed",
    attempts: 1,
    failures: 0,
    startedAt: "2026-01-29T05:00:00.001Z",
    durationMs: 412.4,
    checks: report === null ? [] : checksOf(plan, report, { withinMs: 30_000 }),
    findings: [],
    report,
    kept: false,
    artifacts: null,
    steps: [],
    ...change,
  };
}

/** A lab that passed, and has nothing odd about it. */
export const passed = resultOf({}, reportOf({ wrong: false }, seedPair));

/** One of each kind, with texts that formats give a meaning to. */
export const results: readonly LabResult[] = [
  passed,
  resultOf(
    { file: "flaky.yaml", lab: "flaky", attempts: 3, failures: 2 },
    reportOf({ wrong: false }, seedPair),
  ),
  resultOf(
    { file: "bad|#1 <&>.yaml", lab: "bad", outcome: "failed", kept: true, artifacts: "out/bad" },
    reportOf({ wrong: true }, seedPair),
  ),
  resultOf(
    { file: "asking.yaml", lab: "asking", outcome: "failed" },
    reportOf({ wrong: false }, asking),
    asking,
  ),
  resultOf(
    {
      file: "wrong.yaml",
      lab: null,
      outcome: "invalid",
      attempts: 0,
      durationMs: 0,
      findings: [
        {
          severity: "error",
          code: "TOPOLOGY_INVALID",
          file: "wrong.yaml",
          line: 2,
          column: 23,
          message: "``` is \u0000 # no <name> & ]]> \\ 'x' \"y\"\nat all",
          hint: "try 100%",
        },
      ],
    },
    null,
  ),
  resultOf(
    {
      file: "huge.yaml",
      lab: "huge",
      outcome: "broken",
      findings: [
        {
          severity: "error",
          code: "NOT_ROOT",
          file: "huge.yaml",
          line: null,
          column: null,
          message: "labs of network namespaces are only for root",
          hint: "run the command with sudo",
        },
      ],
    },
    null,
  ),
  resultOf({ file: "cut.yaml", lab: "cut", outcome: "interrupted" }, reportOf({ wrong: true }, seedPair)),
  resultOf({ file: "late.yaml", lab: "late", outcome: "skipped", attempts: 0, durationMs: 0 }, null),
];

/** All that a run with these results tells. */
export function eventsOf(some: readonly LabResult[]): TestEvent[] {
  const named = some.map(({ file, lab }) => ({ file, lab }));
  return [
    { type: "plan", labs: named },
    ...some.flatMap((result, index): TestEvent[] => {
      const lab = { file: result.file, lab: result.lab };
      return [
        { type: "begin", lab, attempt: 1 },
        { type: "progress", lab, text: "2 routers and 1 link made" },
        { type: "lab", number: index + 1, total: some.length, result },
      ];
    }),
    { type: "end", results: some, durationMs: 2512 },
  ];
}
