import type { Address } from "./address.ts";

/** Where a session is: on an interface, with the peer that is discovered there, or with one of several on a shared link. */
export interface SessionPlace {
  readonly ifname: string;
  /** The peer's link-local address, where it is told; null for whoever is discovered. */
  readonly peer: Address | null;
}

/** One session of the lab, by its router and its {@link sessionName}. */
export interface SessionEnd {
  readonly router: string;
  readonly session: string;
}

/**
 * What a session is called among those of its router: `eth0`, or `eth0/fe80::3` where it is told its peer. No interface
 * name of ours has a slash, so no two are called the same. A next hop on a shared link is written in the same way.
 */
export function sessionName({ ifname, peer }: SessionPlace): string {
  return peer === null ? ifname : `${ifname}/${peer}`;
}

/** `r1:eth0`, or `r1:eth0/fe80::3`. */
export function formatSessionEnd({ router, session }: SessionEnd): string {
  return `${router}:${session}`;
}
