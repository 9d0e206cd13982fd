import type { Place } from "../../plan/plan.ts";
import type { Finding } from "../diagnostics.ts";
import type { LabReport } from "../lab-report.ts";
import type { StepReport } from "../step-report.ts";

/** What a test run tells as it goes, in this order; reporters make lines of it. Plain JSON. */
export type TestEvent =
  | { readonly type: "plan"; readonly labs: readonly NamedLab[] }
  | { readonly type: "begin"; readonly lab: NamedLab; readonly attempt: number }
  | { readonly type: "progress"; readonly lab: NamedLab; readonly text: string }
  /** A step of a lab has ended. */
  | { readonly type: "step"; readonly lab: NamedLab; readonly step: StepReport }
  /** A lab's last word. `number` counts them from 1 on, in the order in which they ended, up to `total`. */
  | { readonly type: "lab"; readonly number: number; readonly total: number; readonly result: LabResult }
  | { readonly type: "end"; readonly results: readonly LabResult[]; readonly durationMs: number };

/** A topology file and the lab in it; null if it cannot be read. */
export interface NamedLab {
  readonly file: string;
  readonly lab: string | null;
}

/**
 * How a lab's test ended: `failed` is the lab's fault, `invalid` its file's, and `broken` that of the machine.
 *
 * `interrupted` labs were running when the user ended it all, `skipped` ones had not begun.
 */
export type LabOutcome = "passed" | "failed" | "invalid" | "broken" | "interrupted" | "skipped";

/** What a test found of one lab. */
export interface LabResult extends NamedLab {
  readonly outcome: LabOutcome;
  /** How often it was brought up. */
  readonly attempts: number;
  /** How many of these attempts failed; one that passed nevertheless was tried again. */
  readonly failures: number;
  /** Of the last attempt: ISO 8601, UTC. */
  readonly startedAt: string;
  /** Of all attempts. */
  readonly durationMs: number;
  readonly checks: readonly CheckResult[];
  /** Why it could not be judged. */
  readonly findings: readonly Finding[];
  /** Null where there is nothing to report of. */
  readonly report: LabReport | null;
  /** What came of its steps, up to the first that failed. */
  readonly steps: readonly StepReport[];
  /** Whether it is still up. */
  readonly kept: boolean;
  /** Where what can be found out about a failed lab was written; null for nowhere. */
  readonly artifacts: string | null;
}

/** One thing that must be true of a lab. */
export interface CheckResult {
  /** A sentence without its end, such as `"r1 has 2 sessions and 8 routes as expected"`. */
  readonly name: string;
  readonly passed: boolean;
  /** Why not, in words. */
  readonly reasons: readonly string[];
  /** Where it is written, if it is. */
  readonly place?: Place;
  readonly durationMs?: number;
}

/** Makes lines of what happens in a test run, each event for itself. */
export type Reporter = (event: TestEvent) => readonly string[];

/** `"lab (file.yaml)"`, or the file alone. */
export function titleOf({ file, lab }: NamedLab): string {
  return lab === null ? file : `${lab} (${file})`;
}
