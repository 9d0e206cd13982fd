/** Where a router sends what is for one prefix. */
export interface Way {
  /** Interface of the best route's next hop, with its address on a shared link (`eth0/fe80::3`); null at an origin. */
  readonly via: string | null;
  /** The same of the other routes that are used with it, in order of preference. */
  readonly also: readonly string[];
  /** Packets are dropped (RFC 7999). */
  readonly drops: boolean;
}

/** The ways of one prefix. */
export interface Ways {
  /** By the place of the router; undefined where the prefix does not arrive. */
  readonly ways: readonly (Way | undefined)[];
  /** The routers whose choice depends on who is heard first, or never comes to rest. */
  readonly undecided: readonly number[];
}

/** The way by one interface alone, or by none at an origin. */
export function wayBy(via: string | null): Way {
  return { via, also: [], drops: false };
}
