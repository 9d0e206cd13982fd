import { unreachable } from "../../std/errors.ts";
import { yamlLines } from "../../std/yaml-text.ts";
import { type CheckResult, type LabResult, type Reporter, titleOf } from "./event.ts";

/** TAP version 14: a test a lab, its checks as subtests, reasons in YAML. */
export const tapReporter: Reporter = (event) => {
  switch (event.type) {
    case "plan":
      return ["TAP version 14", `1..${event.labs.length}`];
    case "begin":
    case "progress":
    case "step":
      return [];
    case "lab":
      return labLines(event.number, event.result);
    case "end":
      return event.results.some(({ outcome }) => outcome === "interrupted") ? ["Bail out! interrupted"] : [];
    default:
      return unreachable(event);
  }
};

function labLines(number: number, result: LabResult): string[] {
  const { outcome, checks, durationMs, findings } = result;
  const title = plain(titleOf(result));
  if (outcome === "skipped") return [`ok ${number} - ${title} # SKIP not begun`];
  const good = outcome === "passed" ? "ok" : "not ok";
  const point = `${good} ${number} - ${title}${timeOf(durationMs)}`;
  const details = { outcome, findings: findings.map(({ message, hint }) => ({ message, hint })) };
  return [
    ...(checks.length === 0 ? [] : subtest(title, checks)),
    point,
    ...(outcome === "passed" ? [] : diagnostic(checks.length > 0 ? { outcome } : details)),
  ];
}

function subtest(title: string, checks: readonly CheckResult[]): string[] {
  return [
    `# Subtest: ${title}`,
    ...[
      ...checks.flatMap(({ name, passed, reasons, place, durationMs }, index) => [
        `${passed ? "ok" : "not ok"} ${index + 1} - ${plain(name)}${timeOf(durationMs)}`,
        ...(passed ? [] : diagnostic({ ...(place && { at: { ...place } }), reasons })),
      ]),
      `1..${checks.length}`,
    ].map((line) => `    ${line}`),
  ];
}

const timeOf = (ms: number | undefined) => (ms === undefined ? "" : ` # time=${Math.round(ms)}ms`);

function diagnostic(value: Parameters<typeof yamlLines>[0]): string[] {
  return ["---", ...yamlLines(value), "..."].map((line) => `  ${line}`);
}

/** What a description must not hold as it is. */
function plain(text: string): string {
  return text.replace(/[\\#]/g, "\\$&").replace(/\s+/g, " ");
}
