import type { RouteSet } from "./routes.ts";

/** What a peer process is told to be: its first and only argument, as JSON. */
export interface PeerTask {
  readonly sessions: readonly PeerSession[];
  /** What the only session announces when it is told to; null for peers that only count. */
  readonly routes: { readonly count: number; readonly set: RouteSet } | null;
  /** How many prefixes, announced and then withdrawn, are all. */
  readonly expected: number;
  /** Seconds, offered in the OPEN. */
  readonly holdTime: number;
}

/** One session; the peer dials. */
export interface PeerSession {
  /** With a zone, if it is a link-local address. */
  readonly address: string;
  readonly asn: number;
  readonly routerId: string;
  /** Octets of the next hop. */
  readonly nextHop: readonly number[];
}

/** What a peer process is told when it runs. */
export type PeerCommand = "announce" | "withdraw" | "forget" | "report";

/** What a peer process tells. Times are milliseconds of the machine's monotonic clock. */
export type PeerEvent =
  | { readonly type: "established" }
  /** The first octet was given to TCP. */
  | { readonly type: "writing"; readonly at: number }
  | { readonly type: "announced" | "withdrawn"; readonly at: number }
  /** The longest time without a keepalive from the daemon, in milliseconds, on any session. */
  | { readonly type: "report"; readonly keepaliveGap: number; readonly counts: readonly number[] }
  | { readonly type: "failed"; readonly reason: string };

/** Milliseconds of CLOCK_MONOTONIC: the same in all processes. */
export function monotonic(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
