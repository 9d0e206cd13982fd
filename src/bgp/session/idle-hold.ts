import type { SessionParameters } from "./parameters.ts";

/**
 * The longest time in Idle that damping leads to, in seconds, unless a longer one is configured. A session that was
 * Established for as long counts as stable: its failures are forgotten.
 */
export const MAX_DAMPED_TIME = 120;

/** The shortest idle hold time that doubling makes longer. */
const MIN_DAMPED_TIME = 1;

/**
 * How long a session stays in Idle after its latest failure, in seconds and without jitter (RFC 4271 §8.1.1,
 * DampPeerOscillations): the idle hold time, twice as long for each failure before it if it damps its oscillations.
 *
 * @param failures in a row, the latest included
 */
export function idleHoldTime(parameters: SessionParameters, failures: number): number {
  const { idleHoldTime: configured, dampPeerOscillations } = parameters;
  if (!dampPeerOscillations) return configured;
  const doubled = Math.max(configured, MIN_DAMPED_TIME) * 2 ** (failures - 1);
  return Math.max(configured, Math.min(doubled, MAX_DAMPED_TIME));
}
