import { count } from "../count.ts";
import type { LabOutcome, LabResult } from "./event.ts";

const words: readonly [LabOutcome, string][] = [
  ["failed", "failed"],
  ["invalid", "with a wrong file"],
  ["broken", "that could not be made"],
  ["interrupted", "interrupted"],
  ["skipped", "skipped"],
];

/** How all labs of a run ended, e.g. `"5 of 7 labs passed, 1 failed, 1 skipped"`. */
export function tally(results: readonly LabResult[]): string {
  const number = (outcome: LabOutcome) => results.filter((result) => result.outcome === outcome).length;
  const rest = words.flatMap(([outcome, word]) =>
    number(outcome) === 0 ? [] : [`, ${number(outcome)} ${word}`],
  );
  return `${number("passed")} of ${count(results.length, "lab")} passed${rest.join("")}`;
}

/** Seconds with three digits behind the point, as most test formats have them. */
export function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** Why a lab did not pass, in words: its failed checks' reasons, then why it could not be judged. */
export function reasonsOf({ checks, findings }: LabResult): string[] {
  const failed = checks.filter(({ passed }) => !passed);
  return [
    ...failed.flatMap(({ name, reasons }) => (reasons.length === 0 ? [name] : reasons)),
    ...findings.map(({ message, hint }) => (hint === null ? message : `${message} (${hint})`)),
  ];
}
