import type { LabOutcome } from "../report/reporters/event.ts";
import { errorsIn, LabError } from "../std/errors.ts";

/** Exit codes, part of the command's contract. */
export const Exit = {
  ok: 0,
  failed: 1,
  usage: 2,
  /** Only of `fe80 test`, which is to tell a lab that failed from a machine that did. */
  machine: 3,
  bug: 70,
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

/** The arguments do not fit together, in a way that the parser of arguments cannot see. */
export class UsageError extends LabError {
  readonly code = "USAGE_INVALID";
}

/** The user must change the command line or the file; nothing was touched. */
const usageCodes: ReadonlySet<string> = new Set([
  "USAGE_INVALID",
  "TOPOLOGY_INVALID",
  "ROUTES_TOO_MANY",
  "ROUTES_UNDECIDED",
  "FILE_UNREADABLE",
  "LAB_NAME_INVALID",
  "ARGUMENT_INVALID",
  "POLICY_UNKNOWN",
  "SIZE_INVALID",
]);

/** The exit code that tells what ended the command. */
export function exitOf(thrown: unknown): number {
  const errors = errorsIn(thrown);
  const own = errors.filter((error) => error instanceof LabError);
  if (own.length < errors.length) return Exit.bug;
  const interruption = own.find(({ code }) => code === "INTERRUPTED");
  if (interruption) return exitOfSignal(interruption.message);
  return own.every(({ code }) => usageCodes.has(code)) ? Exit.usage : Exit.failed;
}

/** The worst of what the tests of labs came to. */
export function exitOfTests(results: readonly { readonly outcome: LabOutcome }[]): number {
  return Math.max(Exit.ok, ...results.map(({ outcome }) => exitOfOutcome(outcome)));
}

function exitOfOutcome(outcome: LabOutcome): number {
  switch (outcome) {
    case "broken":
      return Exit.machine;
    case "invalid":
      return Exit.usage;
    case "failed":
    case "interrupted":
      return Exit.failed;
    case "passed":
    case "skipped":
      return Exit.ok;
  }
}

/** As shells have it: 128 and the number of the signal that the message names. */
function exitOfSignal(message: string): number {
  if (message.includes("SIGTERM")) return Exit.terminated;
  return message.includes("SIGHUP") ? Exit.hungUp : Exit.interrupted;
}

/** What to print of what ended the command: a stack only for a bug. */
export function errorLines(thrown: unknown): string[] {
  return errorsIn(thrown).flatMap((error) =>
    error instanceof LabError ? labErrorLines(error) : bugLines(error),
  );
}

/** A topology's mistakes already read as a compiler's, with their own places and hints. */
function labErrorLines({ code, message, hint }: LabError): string[] {
  if (code === "TOPOLOGY_INVALID") return [message];
  return [`error: ${message}`, ...(hint === undefined ? [] : [`hint: ${hint}`])];
}

function bugLines(error: unknown): string[] {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [`error: this is a bug in fe80: ${text}`];
}
