import { count } from "./count.ts";
import type { FlowReport, StepReport } from "./step-report.ts";
import { problemLines } from "./summary.ts";
import { causeLines } from "./why-lines.ts";

/** A step in a line: `ok    kill spine1: detected after 2 ms, reconverged after 9 ms, settled after 110 ms`. */
export function stepLine(step: StepReport): string {
  const { name, passed, durationMs, explanations } = step;
  const times = passed ? timesOf(step) : [`not so after ${durationMs} ms`];
  const cause = passed ? undefined : explanations[0]?.cause?.text;
  const words = [...times, ...step.flows.map(flowWords)].join(", ");
  return `${passed ? "ok  " : "FAIL"}  ${name}: ${words}${cause === undefined ? "" : `: ${cause}`}`;
}

function timesOf({ detectedAfterMs, reconvergedAfterMs, settledAfterMs }: StepReport): string[] {
  const told = { "detected after": detectedAfterMs, "reconverged after": reconvergedAfterMs };
  const times = Object.entries({ ...told, "settled after": settledAfterMs });
  const known = times.flatMap(([word, ms]) => (ms === null ? [] : [`${word} ${ms} ms`]));
  return detectedAfterMs === null ? ["nothing changed", ...known.slice(1)] : known;
}

const flowWords = ({ from, to, sent, lost }: FlowReport) =>
  `${lost} of ${count(sent, "ping")} from ${from} to ${to} lost`;

/** Why a step did not pass, what happened meanwhile, and how to do it again; nothing if it passed. */
export function stepReasons(step: StepReport): string[] {
  if (step.passed) return [];
  const { problems, explanations, timeline, steps } = step;
  return [
    ...causeLines(explanations),
    ...problemLines(problems),
    ...(timeline.length === 0 ? [] : ["what happened:"]),
    ...timeline.map(({ afterMs, text }) => `  ${String(afterMs).padStart(6)} ms  ${text}`),
    ...(steps.length === 0 ? [] : ["the same as steps:", ...steps.map((line) => `  ${line}`)]),
  ];
}
