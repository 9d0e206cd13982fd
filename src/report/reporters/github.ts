import { count } from "../count.ts";
import { annotation } from "../diagnostics.ts";
import type { StepReport } from "../step-report.ts";
import { type LabOutcome, type LabResult, type Reporter, titleOf } from "./event.ts";
import { reasonsOf, seconds, tally } from "./tally.ts";

/** How many reasons of a lab are told. GitHub shows ten errors of a step at most. */
const shown = 10;

/** Annotations at the topology files, for GitHub Actions. */
export const githubReporter: Reporter = (event) => {
  if (event.type !== "lab") return [];
  const { result } = event;
  const { file } = result;
  if (result.outcome === "passed" || result.outcome === "skipped") return [];
  const failed = result.checks.filter(({ passed }) => !passed);
  const whole = { severity: "error", code: null, file, line: null, column: null, hint: null } as const;
  const checks = failed.map(({ name, reasons, place }) => ({
    ...whole,
    ...place,
    message: [`not so: ${name}`, ...reasons].join("\n"),
  }));
  return [...checks, ...result.findings].slice(0, shown).map(annotation);
};

const marks: Readonly<Record<LabOutcome, string>> = {
  passed: "✅ passed",
  failed: "❌ failed",
  invalid: "❌ wrong file",
  broken: "❌ not made",
  interrupted: "⛔ interrupted",
  skipped: "➖ skipped",
};

/** A run's job summary in Markdown: a table of the labs, then what is wrong with each. */
export const summaryReporter: Reporter = (event) => {
  if (event.type !== "end") return [];
  return [
    `## fe80: ${tally(event.results)}`,
    "",
    "| lab | result | sessions | routes | converged after |",
    "| --- | --- | --- | --- | --- |",
    ...event.results.map(row),
    "",
    ...stepTable(event.results),
    ...event.results.flatMap(details),
  ];
};

function row(result: LabResult): string {
  const { outcome, report, failures } = result;
  const again = outcome === "passed" && failures > 0 ? ` (failed ${count(failures, "time")} before)` : "";
  const { sessions, routes } = report?.expected ?? {};
  const after = report?.convergedAfterMs;
  const cells = [
    cell(titleOf(result)),
    `${marks[outcome]}${again}`,
    sessions ? `${sessions.met} of ${sessions.expected}` : "",
    routes ? `${routes.met} of ${routes.expected}` : "",
    after === null || after === undefined ? "" : `${seconds(after)} s`,
  ];
  return `| ${cells.join(" | ")} |`;
}

/** All steps of all labs, with their times. */
function stepTable(results: readonly LabResult[]): string[] {
  const rows = results.flatMap((result) => result.steps.map((step) => stepRow(result, step)));
  if (rows.length === 0) return [];
  return [
    "| lab | step | result | detected | reconverged | settled | lost pings |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
    "",
  ];
}

function stepRow(result: LabResult, step: StepReport): string {
  const ms = (value: number | null) => (value === null ? "" : `${value} ms`);
  const cells = [
    cell(result.lab ?? result.file),
    cell(step.name),
    step.passed ? marks.passed : marks.failed,
    ms(step.detectedAfterMs),
    ms(step.reconvergedAfterMs),
    ms(step.settledAfterMs),
    step.flows.map(({ lost, sent }) => `${lost} of ${sent}`).join(", "),
  ];
  return `| ${cells.join(" | ")} |`;
}

function details(result: LabResult): string[] {
  if (result.outcome === "passed" || result.outcome === "skipped") return [];
  const reasons = reasonsOf(result);
  // A fence is longer than any in what it holds.
  const longest = Math.max(
    2,
    ...reasons.flatMap((text) => text.match(/`+/g) ?? []).map(({ length }) => length),
  );
  const fence = "`".repeat(longest + 1);
  const summary = `<summary>${html(titleOf(result))}</summary>`;
  return ["<details>", summary, "", fence, ...reasons, fence, "", "</details>", ""];
}

const cell = (text: string) => html(text).replaceAll("|", "\\|").replaceAll("\n", " ");

const html = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
