import type { Explanation, Finding } from "../checks/why/explanation.ts";
import { columns } from "./columns.ts";

const marks: Record<Finding["state"], string> = { ok: "ok", broken: "FAIL", unknown: "?" };

/** Each step with what was found there, the cause as the last one, for people or for programs. */
export function whyLines(explanation: Explanation, { format }: { format: "table" | "json" }): string[] {
  if (format === "json") return [JSON.stringify(explanation, undefined, 2)];
  const { subject, state, findings, cause } = explanation;
  const rows = findings.map((finding) => [marks[finding.state], finding.step, finding.text]);
  return [
    `${subject} ${state}`,
    ...columns(rows).map((line) => `  ${line}`),
    ...(cause ? more(cause) : ["nothing is wrong with it"]),
  ];
}

/** The cause alone, for the end of a report. */
export function causeLines(explanations: readonly Explanation[]): string[] {
  return explanations.flatMap(({ subject, state, cause }) =>
    cause ? [`why ${subject} ${state}: ${cause.step}: ${cause.text}`, ...more(cause)] : [],
  );
}

function more({ details = [], hint }: Finding): string[] {
  return [...details.map((line) => `    ${line}`), ...(hint === undefined ? [] : [`  hint: ${hint}`])];
}
