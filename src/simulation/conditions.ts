/** What takes its time. */
export type Carried =
  /** A part of a connection: its making, its octets, its end. */
  | "octets"
  /** A Router Advertisement or Solicitation. */
  | "discovery"
  /** The kernel's word to its own router that an interface has changed. */
  | "linkNews";

/** What befalls everything on its way in a {@link MemoryNetwork}. */
export interface Conditions {
  /** Milliseconds; 0 for at once. */
  delayMs(carried: Carried): number;
  /** Whether the next discovery packet is lost. */
  losesDiscovery(): boolean;
  /** Whether the next dial is refused, though somebody listens. */
  refusesDial(): boolean;
}

/** Nothing goes wrong, and all takes a millisecond but what needs no network. */
export const calm: Conditions = {
  delayMs: (carried) => (carried === "linkNews" ? 0 : 1),
  losesDiscovery: () => false,
  refusesDial: () => false,
};
