import type { SessionConfig } from "../bgp/config/config.ts";

/** RFC 8326. */
const GRACEFUL_SHUTDOWN = 0xffff_0000;

/** What is added to all that the peer of a session is told. */
export function toldCommunities({ communities, gracefulShutdown }: SessionConfig): readonly number[] {
  return gracefulShutdown ? [...communities, GRACEFUL_SHUTDOWN] : communities;
}

/** A community as all programs read it (RFC 1997): `64512:100`. */
export function formatCommunity(value: number): string {
  return `${value >>> 16}:${value & 0xffff}`;
}
