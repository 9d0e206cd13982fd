import type { StatusEvent } from "../bgp/control/status.ts";
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

/** Who is told what daemons say, such as a {@link Convergence}. */
export type Observer = Pick<Convergence, "observe" | "lose" | "interest">;

/** What is waited for. */
export interface Goal {
  /** When it will be reached if nothing else happens; undefined while it is out of sight. */
  readonly dueAtMs: () => number | undefined;
  readonly timeoutMs: number;
  /** Ends the wait as if its time were up. */
  readonly over?: Promise<void>;
}

interface Watched {
  readonly daemons: readonly Daemon[];
  readonly observer: Observer;
  readonly signal: AbortSignal;
}

/**
 * Feeds a convergence with what all daemons tell, until it has reached its goal or the time is up.
 *
 * @throws the signal's reason
 */
export async function watchUntil(
  {
    convergence: observer,
    ...wait
  }: Omit<Watched, "observer"> & Goal & { readonly convergence: Convergence },
  environment: Environment,
): Promise<WaitOutcome> {
  await using watch = new Watch({ ...wait, observer }, environment);
  return await watch.until(wait);
}

/** Tells an observer all that some daemons say, until it is disposed of. */
export class Watch implements AsyncDisposable {
  readonly #environment: Environment;
  readonly #observer: Observer;
  readonly #signal: AbortSignal;
  readonly #finished = new AbortController();
  readonly #followers: readonly Promise<never>[];
  #alarm: Alarm | undefined;
  #heard = false;

  constructor({ daemons, observer, signal }: Watched, environment: Environment) {
    this.#environment = environment;
    this.#observer = observer;
    this.#signal = signal;
    const either = AbortSignal.any([signal, this.#finished.signal]);
    this.#followers = daemons.map((daemon) => this.#follow(daemon, either));
    // What ends one is thrown by whoever waits.
    for (const follower of this.#followers) follower.catch(() => {});
  }

  /** Waits until a goal is reached, or its time is up. One at a time. @throws the signal's reason */
  async until({ dueAtMs, timeoutMs, over }: Goal): Promise<WaitOutcome> {
    const { clock } = this.#environment;
    const { promise, resolve, reject } = Promise.withResolvers<WaitOutcome>();
    const interrupt = () => reject(this.#signal.reason);
    if (this.#signal.aborted) interrupt();
    this.#signal.addEventListener("abort", interrupt, { once: true });
    using alarm = new Alarm(clock, dueAtMs, () => resolve("reached"));
    using _ = clock.after(timeoutMs, () => resolve("timeout"));
    over?.then(() => resolve("timeout"), reject);
    this.#alarm = alarm;
    for (const follower of this.#followers) follower.catch(reject);
    if (this.#heard) alarm.lookSoon();
    try {
      return await promise;
    } finally {
      this.#alarm = undefined;
      this.#signal.removeEventListener("abort", interrupt);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#finished.abort();
    await Promise.allSettled(this.#followers);
  }

  /** Tells all that a daemon says, and asks again whenever it has stopped answering; ends only by throwing. */
  async #follow(daemon: Daemon, signal: AbortSignal): Promise<never> {
    const { clock } = this.#environment;
    for (;;) {
      let reason = `${daemon.name} has closed its control socket`;
      try {
        const { interest } = this.#observer;
        const events = watchDaemon(daemon, this.#environment, { interest, signal });
        for await (const event of events) this.#observe(event);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof LabError)) throw error;
        reason = error.message;
      }
      this.#observer.lose(daemon.routers, reason);
      this.#alarm?.look();
      await pause(clock, retryMs, signal);
    }
  }

  #observe(event: StatusEvent): void {
    this.#heard = true;
    this.#observer.observe(event, this.#environment.clock.now());
    this.#alarm?.look();
  }
}

/** Rings once the time has come at which a goal counts as reached, unless that time has moved on by then. */
class Alarm implements Disposable {
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
    else this.#timer = this.#clock.after(leftMs, () => this.lookSoon());
  }

  /** The same once sockets were read: in a process that was busy, they have something that must be heard before all is settled. */
  lookSoon(): void {
    this[Symbol.dispose]();
    this.#timer = this.#clock.after(0, () => this.look());
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }
}
