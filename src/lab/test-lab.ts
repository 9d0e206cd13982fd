import { findingsOf } from "../report/diagnostics.ts";
import { checksOf, stepChecks } from "../report/reporters/checks-of.ts";
import type { CheckResult, LabResult, NamedLab, TestEvent } from "../report/reporters/event.ts";
import type { StepReport } from "../report/step-report.ts";
import { errorsIn, LabError } from "../std/errors.ts";
import { writeArtifacts } from "./artifacts.ts";
import type { Environment } from "./environment.ts";
import { DaemonEndedError } from "./errors.ts";
import { PacketRecord } from "./packet-record.ts";
import type { UpResult } from "./settle.ts";
import { type TestResult, test } from "./test.ts";
import type { SoundFile } from "./topology-file.ts";

export interface TestLabOptions {
  /** How often a lab that failed is tried again. */
  readonly retry: number;
  /** How often a lab that passes is brought up. The fastest time is its own. */
  readonly repeat: number;
  /** Leaves a failed lab up. */
  readonly keep: boolean;
  /** Where a failed lab leaves what is known of it. */
  readonly artifacts: string | undefined;
  /** The plan's own unless given. */
  readonly timeoutMs: number | undefined;
  /** How many routes the report of a lab that has converged should have at least, if there are so many. */
  readonly routes: number;
  readonly emit: (event: TestEvent) => void;
  /** Is told of each error that kept a lab from being judged. */
  readonly complain: (error: LabError) => void;
  /** What else must be true of a lab that has passed. */
  readonly judge: (report: UpResult["report"]) => readonly CheckResult[];
  readonly signal: AbortSignal;
}

/** A lab to test. */
export type TestedFile = SoundFile & { readonly file: string };

/** Tests a lab, again if it fails and may be tried again. @throws whatever is no {@link LabError}; the lab is down then */
export async function testLab(
  { file, plan, topology }: TestedFile,
  options: TestLabOptions,
  environment: Environment,
): Promise<LabResult> {
  const { clock } = environment;
  const startedAtMs = clock.now();
  const lab = { file, lab: plan.lab };
  const { signal, retry, repeat } = options;
  let [failures, best]: [number, Found | undefined] = [0, undefined];
  for (let attempts = 1, passes = 0; ; attempts++) {
    const startedAt = new Date(clock.wallTime()).toISOString();
    options.emit({ type: "begin", lab, attempt: attempts });
    const keep = options.keep && failures === retry;
    const found = await attempt({ ...lab, plan, topology }, { ...options, keep }, environment);
    if (found.outcome === "failed") failures++;
    if (found.outcome === "passed") {
      passes++;
      best = faster(best, found);
    }
    const again =
      found.outcome === "passed" ? passes < repeat : found.outcome === "failed" && failures <= retry;
    if (again && !signal.aborted) continue;
    const result = found.outcome === "passed" ? judged(best ?? found, options) : found;
    return { ...lab, ...result, attempts, failures, startedAt, durationMs: clock.now() - startedAtMs };
  }
}

/** Of two that passed, the one that converged sooner. */
function faster(a: Found | undefined, b: Found): Found {
  const time = (found: Found) => found.report?.convergedAfterMs ?? Number.POSITIVE_INFINITY;
  return a === undefined || time(b) < time(a) ? b : a;
}

function judged(found: Found, { judge }: Pick<TestLabOptions, "judge">): Found {
  const more = found.report === null ? [] : judge(found.report);
  const outcome = more.every(({ passed }) => passed) ? found.outcome : "failed";
  return { ...found, outcome, checks: [...found.checks, ...more] };
}

type Found = Pick<LabResult, "outcome" | "checks" | "findings" | "report" | "steps" | "kept" | "artifacts">;

async function attempt(
  { plan, topology, ...lab }: NamedLab & Pick<SoundFile, "plan" | "topology">,
  { emit, complain, ...options }: TestLabOptions,
  environment: Environment,
): Promise<Found> {
  const { timeoutMs, routes, signal, artifacts: directory } = options;
  let artifacts: string | null = null;
  using packets = new PacketRecord();
  const plumbed = async () => {
    if (directory !== undefined) await packets.begin(plan, environment);
  };
  const progress = (text: string) => emit({ type: "progress", lab, text });
  const onStep = (step: StepReport) => emit({ type: "step", lab, step });
  const examine = async (result: TestResult | undefined) => {
    if (directory === undefined) return;
    const failure = { plan, report: result?.report, steps: result?.steps ?? [], packets: packets.file };
    const where = { directory, signal };
    artifacts = await onlyLabErrors(writeArtifacts(failure, where, environment), complain);
  };
  try {
    const limits = { timeoutMs, routes, keep: options.keep, signal };
    const work = { ...limits, topology, progress, plumbed, onStep, examine };
    const { outcome, report, steps, kept } = await test(plan, work, environment);
    const withinMs = timeoutMs ?? plan.expectation.withinMs;
    const checks = [...checksOf(plan, report, { withinMs }), ...stepChecks(steps)];
    const passed = checks.every((check) => check.passed) ? "passed" : "failed";
    const ended = outcome === "interrupted" ? "interrupted" : passed;
    return { outcome: ended, checks, findings: [], report, steps, kept, artifacts };
  } catch (thrown) {
    return { ...unjudged(thrown, { file: lab.file, complain, signal }), artifacts };
  }
}

/** What becomes of a lab that was not even up once. @throws what is no {@link LabError} */
function unjudged(
  thrown: unknown,
  { file, complain, signal }: Pick<TestLabOptions, "complain" | "signal"> & { file: string },
): Omit<Found, "artifacts"> {
  const errors = errorsIn(thrown);
  const own = errors.filter((error) => error instanceof LabError);
  if (own.length < errors.length) throw thrown;
  const told = own.filter((error) => error !== signal.reason);
  for (const error of told) complain(error);
  // A router that does not stay up is what a test of routers is about.
  const fault = told.some((error) => error instanceof DaemonEndedError) ? "failed" : "broken";
  const outcome = signal.aborted && told.length === 0 ? "interrupted" : fault;
  const findings = told.flatMap((error) => findingsOf(file, error));
  return { outcome, checks: [], findings, report: null, steps: [], kept: false };
}

/** What comes of work, or null where it fails as it may. */
async function onlyLabErrors(
  work: Promise<string>,
  complain: (error: LabError) => void,
): Promise<string | null> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    complain(error);
    return null;
  }
}
