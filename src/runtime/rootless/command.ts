import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { findProgram } from "../program.ts";
import { endIdleKeeper, ensureKeeper } from "./keeper.ts";

/** A command that an ordinary user runs as the root of that user's own namespaces. */
export interface RootlessCommand {
  /** Its exit code, or as shells have it 128 and the number of the signal that ended it. */
  readonly ended: Promise<number>;
  /** Signals it, and not the programs that led it into the namespaces. */
  kill(signal: NodeJS.Signals): void;
}

/** What lies between must not hear Ctrl-C, which is for the command to answer. */
const deaf = 'trap "" INT TERM HUP; exec "$@"';

/** Another mount namespace has another working directory; one that was removed is none. */
const here = 'cd "$0" 2>&- || cd /; exec "$@"';

/**
 * Runs a command with this process's standard streams in the user's own namespaces, which last as long as there are labs.
 *
 * @throws {RootlessForbiddenError} where ordinary users may have none @throws {ProgramNotFoundError}
 */
export async function runRootless(
  command: readonly string[],
  { path, directory }: { path: string; directory: string },
): Promise<RootlessCommand> {
  const nsenter = findProgram("nsenter", path);
  const keeper = await ensureKeeper(path);
  const target = [
    "--target",
    `${keeper.pid}`,
    "--user",
    "--net",
    "--mount",
    "--pid",
    "--preserve-credentials",
  ];
  const inside = ["sh", "-c", here, directory, ...command];
  const child = spawn("/bin/sh", ["-c", deaf, "sh", nsenter, ...target, "--", ...inside], {
    stdio: "inherit",
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      endIdleKeeper(keeper);
      resolve(code ?? 128 + constants.signals[signal ?? "SIGKILL"]);
    });
  });
  return { ended, kill: (signal) => signalChildren(child.pid, signal) };
}

/** nsenter's one child is the command (proc(5), `/proc/pid/task/tid/children`). */
function signalChildren(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
    for (const child of children) process.kill(Number(child), signal);
  } catch {} // it has ended by itself
}
