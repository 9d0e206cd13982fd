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

/** `--for 500ms`; in milliseconds for the command. */
export function forOption(): Option {
  return new Option("--for <time>", "how long a flap lasts, e.g. 5s or 500ms (1s)").argParser(parseTime);
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

/** `--runs 1000`. */
export function runsOption(): Option {
  return new Option("--runs <number>", "how often to run the lab").argParser(parseCount).default(100);
}

/** `--seed 1`: what all that is random follows from. */
export function seedOption(): Option {
  return new Option(
    "--seed <number>",
    "of the first run; each next run has the next seed (another each time)",
  ).argParser(parseSeed);
}

function parseCount(text: string): number {
  const value = Number(text);
  if (!/^\d{1,9}$/.test(text) || value === 0)
    throw new InvalidArgumentError("Give a whole number from 1 on.");
  return value;
}

/** Seeds have 32 bits. */
function parseSeed(text: string): number {
  const value = Number(text);
  if (!/^\d{1,10}$/.test(text) || value >= 2 ** 32) {
    throw new InvalidArgumentError("Give a whole number from 0 to 4294967295.");
  }
  return value;
}
