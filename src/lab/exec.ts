import type { Environment } from "./environment.ts";
import { InterruptedError } from "./errors.ts";
import { runningRouter } from "./names.ts";

/** Runs a program in a router with this process's standard streams, and gives its exit code. */
export async function exec(
  target: { lab: string; router: string },
  { command, signal }: { command: readonly [string, ...string[]]; signal: AbortSignal },
  environment: Environment,
): Promise<number> {
  const found = await runningRouter(target, environment);
  return await environment.runtime.exec(found, command, split(signal));
}

/** Ctrl-C reaches the program from the terminal too, and it is the program's to answer: `ping` sums up. */
function split(signal: AbortSignal): { signal: AbortSignal; ctrlC: AbortSignal } {
  const [rest, ctrlC] = [new AbortController(), new AbortController()];
  signal.addEventListener("abort", () => {
    const { reason } = signal;
    const isCtrlC = reason instanceof InterruptedError && reason.signalName === "SIGINT";
    (isCtrlC ? ctrlC : rest).abort(reason);
  });
  return { signal: rest.signal, ctrlC: ctrlC.signal };
}
