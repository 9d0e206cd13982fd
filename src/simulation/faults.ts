/** All that can go wrong in a simulation. */
export const faultTypes = [
  /** A router starts when others are running already. */
  "lateStart",
  /** A dial is answered by a reset, though a router listens. */
  "refusedDial",
  /** A connection breaks, and what was under way is lost. */
  "droppedConnection",
  /** A connection passes nothing any more, and nobody is told: only a hold time ends it. */
  "mutedConnection",
  /** A Router Advertisement or Solicitation never arrives. */
  "lostDiscovery",
  /** A Router Advertisement or Solicitation arrives when it is old. */
  "lateDiscovery",
  /** An interface goes down, and comes back. */
  "interfaceFlap",
  /** A link passes nothing for a while, and nobody is told. */
  "silentLink",
] as const;

export type FaultType = (typeof faultTypes)[number];

/** How often each fault happened. */
export type FaultCounts = Record<FaultType, number>;

export function noFaults(): FaultCounts {
  return Object.fromEntries(faultTypes.map((type) => [type, 0])) as FaultCounts;
}

/** Adds up the faults of many runs. */
export function sumFaults(counts: readonly FaultCounts[]): FaultCounts {
  const sum = noFaults();
  for (const count of counts) for (const type of faultTypes) sum[type] += count[type];
  return sum;
}
