import { InvalidArgumentError, Option } from "commander";
import type { ReadOptions } from "../lab/topology-file.ts";

export type Format = "table" | "json";

/** How many sessions, and how many routes, of a lab are worth printing unasked. */
export const printedRows = 100;

/** The same for those who ask. */
export const inspectedRows = 1000;

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
  return countOption("--runs <number>", "how often to run the lab").default(100);
}

/** A whole number, from 1 on unless 0 is allowed, too. */
export function countOption(flags: string, what: string, { least = 1 }: { least?: 0 | 1 } = {}): Option {
  return new Option(flags, what).argParser((text) => {
    const value = Number(text);
    if (/^\d{1,9}$/.test(text) && value >= least) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} on.`);
  });
}

/** `--seed 1`: what all that is random follows from. */
export function seedOption(what: string): Option {
  return new Option("--seed <number>", what).argParser(parseSeed);
}

/** Seeds have 32 bits. */
function parseSeed(text: string): number {
  const value = Number(text);
  if (!/^\d{1,10}$/.test(text) || value >= 2 ** 32) {
    throw new InvalidArgumentError("Give a whole number from 0 to 4294967295.");
  }
  return value;
}

/** `--name lab`. */
export function labNameOption(): Option {
  return new Option("--name <lab>", "the lab's name (the shape and its sizes)").argParser((text) => {
    if (/^[A-Za-z0-9][\w-]{0,31}$/.test(text)) return text;
    throw new InvalidArgumentError(
      "Give letters, digits, - and _, a letter or digit first, at most 32 in all.",
    );
  });
}

/** `-o lab.yaml`. */
export function outputOption(): Option {
  return new Option("-o, --output <file>", "where to write it (standard output)");
}

/** `--replace-kind srl=speaker`, as often as there are kinds to replace. */
export function replaceKindOption(): Option {
  return new Option(
    "--replace-kind <kind=ours>",
    "make every node of a containerlab kind a router of ours, e.g. srl=speaker; may be repeated",
  ).argParser<ReadonlyMap<string, OurKind>>((text, earlier) => {
    const [, kind, name] = /^([\w-]+)=(\w+)$/.exec(text) ?? [];
    const ours = ourKinds.find((one) => one === name);
    if (kind === undefined || ours === undefined) {
      throw new InvalidArgumentError(`Give it as srl=speaker; there are ${ourKinds.join(", ")}.`);
    }
    return new Map([...(earlier ?? []), [kind, ours]]);
  });
}

/** A kind of router that a node of another tool can become. */
type OurKind =
  NonNullable<ReadOptions["replaceKinds"]> extends ReadonlyMap<string, infer Kind> ? Kind : never;

const ourKinds: readonly OurKind[] = ["speaker", "bird", "frr", "gobgp", "openbgpd", "exabgp"];

/** `--runtime docker`. */
export function runtimeOption(): Option {
  return new Option(
    "--runtime <runtime>",
    "what routers run in of which the file says nothing by themselves",
  ).choices(["netns", "docker"]);
}

/** `--checks checks.yaml`. */
export function checksOption(): Option {
  return new Option(
    "--checks <file>",
    "expect, steps or anything else that goes over each topology, as if it included that",
  );
}

/** What `--replace-kind`, `--runtime` and `--checks` leave behind. */
export interface ReadFlags {
  readonly checks?: string;
  readonly replaceKind?: ReadonlyMap<string, OurKind>;
  readonly runtime?: "netns" | "docker";
}

/** How a command reads the topology file that it is given. */
export function readOptions(
  { replaceKind = new Map(), runtime, checks, quiet }: ReadFlags & { readonly quiet?: boolean },
  cli: { err(line: string): void },
) {
  return { replaceKinds: replaceKind, runtime, checks, warn: quiet ? () => {} : cli.err };
}
