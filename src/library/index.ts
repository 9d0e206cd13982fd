/** What `import … from "fe80"` gives: labs for test suites. docs/ci.md shows how to use it. */

export type { RouteStatus } from "../bgp/control/status.ts";
export type { Problem } from "../checks/problems.ts";
export type { LabReport, SessionReport } from "../report/lab-report.ts";
export type { StepReport } from "../report/step-report.ts";
export { LabError } from "../std/errors.ts";
export {
  type ExecResult,
  type Lab,
  NotConvergedError,
  type Step,
  StepFailedError,
  type UpOptions,
  up,
} from "./lab.ts";
