import type { Address, RouterId } from "../../net/address.ts";
import type { Asn } from "../../net/asn.ts";
import type { Prefix } from "../../net/prefix.ts";

/** What an `fe80-speaker` process starts from: the contract between the lab and the daemon. Plain JSON. */
export interface SpeakerConfig {
  /** Path of the Unix socket on which the speaker answers (see `bgp/control`). */
  readonly control: string;
  readonly routers: readonly RouterConfig[];
}

export interface RouterConfig {
  readonly name: string;
  /** Path of the network namespace to work in, e.g. `/run/netns/fe80.lab.r1`; the process's own if null. */
  readonly netns: string | null;
  /** File to append log lines to; standard output if null. */
  readonly log: string | null;
  readonly logLevel: LogLevel;
  readonly asn: Asn;
  readonly routerId: RouterId;
  readonly originate: readonly Prefix[];
  readonly sessions: readonly SessionConfig[];
}

/** bunyan's levels; a level means itself and all above it. At `trace` every keepalive has its lines. */
export const logLevels = ["trace", "debug", "info", "warn", "error"] as const;

export type LogLevel = (typeof logLevels)[number];

/** An unnumbered session: it belongs to an interface, and the peer's address is discovered. */
export interface SessionConfig {
  readonly ifname: string;
  /**
   * The address that the interface must have, given back to it when it is up without one: the kernel takes a link-local
   * address away with the link. Null to leave addresses to others.
   */
  readonly linkLocal: Address | null;
  /** Which ASN the peer must have: a number, any but ours, only ours, or any at all. */
  readonly remoteAs: Asn | "external" | "internal" | "any";
  /** Never dial, only accept (RFC 4271 §8.1.1, PassiveTcpEstablishment). */
  readonly passive: boolean;
  readonly timers: Timers;
}

/** Session timers, all in seconds (RFC 4271 §10). */
export interface Timers {
  /** 0 (no keepalives) or 3..65535. */
  readonly holdTime: number;
  /** Below `holdTime`; a smaller hold time of the peer's makes it a third of that. */
  readonly keepaliveTime: number;
  /** Between two dials. */
  readonly connectRetryTime: number;
  /** How long a session stays in Idle after an error; 0 for not at all. */
  readonly idleHoldTime: number;
}

export const defaultTimers: Timers = { holdTime: 9, keepaliveTime: 3, connectRetryTime: 1, idleHoldTime: 0 };
