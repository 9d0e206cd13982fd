import { LabError } from "../std/errors.ts";

/** Exit codes, part of the command's contract. */
export const Exit = {
  ok: 0,
  failed: 1,
  usage: 2,
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
  "ROUTES_UNDECIDED",
  "FILE_UNREADABLE",
  "LAB_NAME_INVALID",
  "ARGUMENT_INVALID",
  "POLICY_UNKNOWN",
  "SIZE_INVALID",
]);

/** The exit code that tells what ended the command. */
export function exitOf(thrown: unknown): number {
  const errors = flatten(thrown);
  const own = errors.filter((error) => error instanceof LabError);
  if (own.length < errors.length) return Exit.bug;
  const interruption = own.find(({ code }) => code === "INTERRUPTED");
  if (interruption) return exitOfSignal(interruption.message);
  return own.every(({ code }) => usageCodes.has(code)) ? Exit.usage : Exit.failed;
}

/** As shells have it: 128 and the number of the signal that the message names. */
function exitOfSignal(message: string): number {
  if (message.includes("SIGTERM")) return Exit.terminated;
  return message.includes("SIGHUP") ? Exit.hungUp : Exit.interrupted;
}

/** What to print of what ended the command: a stack only for a bug. */
export function errorLines(thrown: unknown): string[] {
  return flatten(thrown).flatMap((error) =>
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

/** Many errors can end a command at once: what failed, and what failed while undoing it. */
function flatten(thrown: unknown): unknown[] {
  if (thrown instanceof SuppressedError) return [...flatten(thrown.suppressed), ...flatten(thrown.error)];
  if (thrown instanceof AggregateError) return thrown.errors.flatMap(flatten);
  return [thrown];
}
