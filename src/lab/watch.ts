import type { Convergence } from "../checks/convergence.ts";
import type { Daemon } from "../kinds/kind.ts";
import { type Clock, pause } from "../std/clock.ts";
import { LabError } from "../std/errors.ts";
import type { Environment } from "./environment.ts";
import { watchDaemon } from "./probes.ts";

/** Before a daemon that does not answer, perhaps because it is not listening yet, is asked again. */
const retryMs = 10;

/** How a wait ended; when the time was up is no error, but a result with reasons in it. */
export type WaitOutcome = "reached" | "timeout";

/**
 * Feeds a convergence with what all daemons tell, until it has reached its goal or the time is up.
 *
 * @throws the signal's reason
 */
export async function watchUntil(wait: Wait, environment: Environment): Promise<WaitOutcome> {
  const { clock } = environment;
  const finished = new AbortController();
  const signal = AbortSignal.any([wait.signal, finished.signal]);
  const { promise, resolve, reject } = Promise.withResolvers<WaitOutcome>();
  const interrupt = () => reject(wait.signal.reason);
  if (wait.signal.aborted) interrupt();
  wait.signal.addEventListener("abort", interrupt, { once: true });
  using goal = new Goal(clock, wait.dueAtMs, () => resolve("reached"));
  using _ = clock.after(wait.timeoutMs, () => resolve("timeout"));
  const followers = wait.daemons.map((daemon) => follow(daemon, { ...wait, goal, signal }, environment));
  for (const follower of followers) follower.catch(reject);
  try {
    return await promise;
  } finally {
    wait.signal.removeEventListener("abort", interrupt);
    finished.abort();
    await Promise.allSettled(followers);
  }
}

interface Wait {
  readonly daemons: readonly Daemon[];
  readonly convergence: Convergence;
  /** When the goal will be reached if nothing else happens; undefined while it is out of sight. */
  readonly dueAtMs: () => number | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Tells a convergence all that a daemon says, and asks again whenever it has stopped answering; ends only by throwing. */
async function follow(
  daemon: Daemon,
  { convergence, goal, signal }: Pick<Wait, "convergence" | "signal"> & { readonly goal: Goal },
  environment: Environment,
): Promise<never> {
  const { clock } = environment;
  for (;;) {
    let reason = `${daemon.name} has closed its control socket`;
    try {
      const { interest } = convergence;
      for await (const event of watchDaemon(daemon, environment, { interest, signal })) {
        convergence.observe(event, clock.now());
        goal.look();
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof LabError)) throw error;
      reason = error.message;
    }
    convergence.lose(daemon.routers, reason);
    goal.look();
    await pause(clock, retryMs, signal);
  }
}

/** Rings once the time has come at which a goal counts as reached, unless that time has moved on by then. */
class Goal implements Disposable {
  readonly #clock: Clock;
  readonly #dueAtMs: () => number | undefined;
  readonly #ring: () => void;
  #timer: Disposable | undefined;

  constructor(clock: Clock, dueAtMs: () => number | undefined, ring: () => void) {
    this.#clock = clock;
    this.#dueAtMs = dueAtMs;
    this.#ring = ring;
  }

  /** Something may have changed. */
  look(): void {
    this[Symbol.dispose]();
    const dueAtMs = this.#dueAtMs();
    if (dueAtMs === undefined) return;
    const leftMs = dueAtMs - this.#clock.now();
    if (leftMs <= 0) this.#ring();
    else this.#timer = this.#clock.after(leftMs, () => this.look());
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }
}
