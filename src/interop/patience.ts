import { DaemonSilentError } from "../lab/errors.ts";
import { type Clock, pause } from "../std/clock.ts";
import { errorsIn, LabError, messageOf } from "../std/errors.ts";

/** What was to be proven was not. Its message says what is missing. */
export class Unproven extends Error {}

/** Why something is not so; undefined once it is. */
export type Reason = () => Promise<string | undefined> | string | undefined;

/** How long a fact may take unless it is said. */
const patienceMs = 20_000;

/** Between two looks, the first and any other: each costs what it takes to ask. */
const lookMs = { first: 100, most: 400 };

interface Looking {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly withinMs: number | undefined;
}

/**
 * Looks again and again until there is no reason left why something is not so.
 *
 * @throws {Unproven} with the last reason, when the time is up
 */
export async function lookUntil(what: string, reason: Reason, looking: Looking): Promise<void> {
  const { clock, signal, withinMs = patienceMs } = looking;
  const dueAtMs = clock.now() + withinMs;
  for (let waitMs = lookMs.first; ; waitMs = Math.min(waitMs * 1.2, lookMs.most)) {
    const missing = await reasonOf(reason);
    if (missing === undefined) return;
    if (clock.now() > dueAtMs) throw new Unproven(`${what}: ${missing}`);
    await pause(clock, waitMs, signal);
  }
}

/** A daemon that does not answer, perhaps because it is starting, is a reason too. */
async function reasonOf(reason: Reason): Promise<string | undefined> {
  try {
    return await reason();
  } catch (error) {
    if (!errorsIn(error).every((each) => each instanceof LabError)) throw error;
    return messageOf(error);
  }
}

/** Asks again whoever is too busy to answer: what can be asked twice. */
export async function askPatiently<T>(clock: Clock, ask: () => Promise<T>): Promise<T> {
  const dueAtMs = clock.now() + patienceMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof DaemonSilentError) || clock.now() > dueAtMs) throw error;
    }
  }
}
