import { InvalidArgumentError, Option } from "commander";

export type Format = "table" | "json";

/** How many sessions, and how many routes, of a lab are worth printing unasked. */
export const printedRows = 100;

/** `-f json` for programs, a table for people. */
export function formatOption(): Option {
  return new Option("-f, --format <format>", "how to print the result")
    .choices(["table", "json"])
    .default("table");
}

/** `--timeout 5`, `5s`, `500ms` or `2m`; in milliseconds for the command. */
export function timeoutOption(): Option {
  return new Option(
    "--timeout <time>",
    "how long convergence may take, e.g. 5s or 500ms (the topology's own)",
  ).argParser(parseTime);
}

export function quietOption(): Option {
  return new Option("-q, --quiet", "tell nothing about the progress");
}

const unitMs = new Map([
  ["ms", 1],
  ["", 1000],
  ["s", 1000],
  ["m", 60_000],
]);

/** Milliseconds; a bare number is in seconds. */
function parseTime(text: string): number {
  const [, digits = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*(ms|s|m)?$/.exec(text) ?? [];
  const ms = Number(digits) * (unitMs.get(unit) ?? 0);
  if (digits === "" || ms === 0 || ms > 2 ** 31 - 1) {
    throw new InvalidArgumentError("Give a time such as 5s, 500ms or 2m.");
  }
  return ms;
}
