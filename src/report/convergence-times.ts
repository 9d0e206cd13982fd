import type { CheckResult, LabResult } from "./reporters/event.ts";

/** How long labs took to converge on some machine, beside what that machine needs for the same small lab. Plain JSON. */
export interface ConvergenceTimes {
  readonly calibrationMs: number;
  /** Milliseconds, by the lab's name. */
  readonly labs: Readonly<Record<string, number>>;
}

/** The times of those labs of a run that converged. */
export function timesOf(results: readonly LabResult[], calibrationMs: number): ConvergenceTimes {
  const labs = results.flatMap(({ lab, report }) => {
    const ms = report?.convergedAfterMs;
    return lab === null || ms === null || ms === undefined ? [] : [[lab, ms] as const];
  });
  return { calibrationMs, labs: Object.fromEntries(labs) };
}

/** Reads what was saved; undefined if it is something else. */
export function parseTimes(text: string): ConvergenceTimes | undefined {
  try {
    const value = JSON.parse(text) as Partial<ConvergenceTimes> | null;
    const { calibrationMs, labs } = value ?? {};
    if (!isTime(calibrationMs) || typeof labs !== "object" || labs === null) return undefined;
    return Object.values(labs).every(isTime) ? { calibrationMs, labs } : undefined;
  } catch {
    return undefined;
  }
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

/** What a process may take longer to start for no reason: no lab is slower for that. */
const noiseMs = 50;

/**
 * Whether a lab converges about as fast as it did, each time measured in that of its machine's calibration.
 *
 * @param limit.maxRegression how much slower it may have become: 0.2 for 20 % @returns undefined if it has no time to compare
 */
export function compareTimes(
  lab: string,
  { now, saved }: { now: ConvergenceTimes; saved: ConvergenceTimes },
  { maxRegression }: { maxRegression: number },
): CheckResult | undefined {
  const [is, was] = [now.labs[lab], saved.labs[lab]];
  if (is === undefined || was === undefined || saved.calibrationMs === 0 || now.calibrationMs === 0)
    return undefined;
  const [ratio, savedRatio] = [is / now.calibrationMs, was / saved.calibrationMs];
  const expectedMs = savedRatio * now.calibrationMs;
  const passed = is <= Math.max(expectedMs * (1 + maxRegression), expectedMs + noiseMs);
  const percent = savedRatio === 0 ? "" : ` (${signed((ratio / savedRatio - 1) * 100)} %)`;
  const reason = `${lab} converged in ${is} ms, ${ratio.toFixed(2)} times the calibration of ${now.calibrationMs} ms; it was ${was} ms, ${savedRatio.toFixed(2)} times ${saved.calibrationMs} ms${percent}`;
  return {
    name: `${lab} converges at most ${Math.round(maxRegression * 100)} % slower than it did`,
    passed,
    reasons: passed ? [] : [reason],
  };
}

const signed = (value: number) => `${value < 0 ? "" : "+"}${Math.round(value)}`;
