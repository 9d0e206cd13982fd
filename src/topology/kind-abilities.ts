import type { Timers } from "../bgp/config/config.ts";
import type { Family } from "../net/address.ts";
import type { Routing } from "./routing-text.ts";
import type { SessionOptions } from "./session-options.ts";
import type { KindName } from "./topology.ts";

/** What a program that is not ours can be told, and what it can do; anything else is a mistake in a topology. */
export interface Abilities {
  /** Whether it opens connections, or only accepts them. */
  readonly dials: boolean;
  /** What it carries over a session of link-local addresses. */
  readonly families: readonly Family[];
  /** Whether routes of one session go out over another. */
  readonly transit: boolean;
  /** Whether it can tell two peers apart that have one address, on two links. */
  readonly scoped: boolean;
  /** Whether a session can do without keepalives (a hold time of 0). */
  readonly holdTimeZero: boolean;
  /** Whether the key of a TCP-MD5 signature may have any character that we allow, or only those of {@link plainKey}. */
  readonly anyKey: boolean;
  /** Whether it uses no route from its own AS that has been through that AS before. */
  readonly checksInnerLoops: boolean;
  /** Whether GRACEFUL_SHUTDOWN from another AS means LOCAL_PREF 0 to it (RFC 8326), and BLACKHOLE NO_EXPORT (RFC 7999 §3.2), whatever its policy says. */
  readonly heedsCommunities: boolean;
  /** Whether one of its sessions can be reset, and comes back soon: GoBGP stays in Idle for half a minute. */
  readonly resets: boolean;
  readonly session: ReadonlySet<keyof SessionOptions>;
  readonly timers: ReadonlySet<keyof Timers>;
  readonly routing: ReadonlySet<keyof Routing>;
}

/** What all programs read alike, whatever stands around it in their configurations. */
export const plainKey = /^[\w.,:+=@%/~^*&<>()-]+$/;

const policy = [
  ...(["localPref", "med", "communities", "importPrefixes", "exportPrefixes"] as const),
  ...(["importPolicy", "exportPolicy"] as const),
] as const;
const guards = ["md5Key", "minHopLimit"] as const;
const always = ["families", "remoteAs", "routerLifetime", "passive", "gracefulShutdown"] as const;
const roles = ["role", "strictRole"] as const;

/**
 * By kind; `undefined` for our own speaker, which takes all. As tried with Debian 12's versions.
 *
 * GoBGP puts no TCP-MD5 key on link-local addresses, and ExaBGP sends its segments with a hop limit of 64 whatever it is told.
 * Three give the kernel no routes, so there is nothing for `install` to keep out. FRR counts the prefixes of an UPDATE too late to end a
 * session with it, and takes some private AS numbers out of a path, but not all.
 */
export const abilitiesOf: Readonly<Record<KindName, Abilities | undefined>> = {
  speaker: undefined,
  bird: {
    dials: true,
    families: [4, 6],
    transit: true,
    scoped: true,
    holdTimeZero: true,
    anyKey: true,
    checksInnerLoops: true,
    heedsCommunities: false,
    resets: true,
    session: new Set([
      ...always,
      ...policy,
      ...guards,
      ...roles,
      "routeReflectorClient",
      "prefixLimit",
      "allowOwnAs",
      "addPath",
      "gracefulRestart",
    ]),
    timers: new Set(["holdTime", "keepaliveTime", "connectRetryTime", "restartTime"]),
    routing: new Set(["clusterId"]),
  },
  frr: {
    dials: true,
    families: [4, 6],
    transit: true,
    scoped: true,
    holdTimeZero: true,
    anyKey: false,
    checksInnerLoops: true,
    heedsCommunities: true,
    resets: true,
    session: new Set([
      ...always,
      ...policy,
      ...guards,
      ...roles,
      "routeReflectorClient",
      "allowOwnAs",
      "addPath",
      "gracefulRestart",
      "enforceFirstAs",
    ]),
    timers: new Set(["holdTime", "keepaliveTime", "connectRetryTime", "delayOpenTime"]),
    routing: new Set(["clusterId", "multipath"]),
  },
  gobgp: {
    dials: true,
    families: [4, 6],
    transit: true,
    scoped: false,
    holdTimeZero: false,
    anyKey: false,
    checksInnerLoops: true,
    heedsCommunities: false,
    resets: false,
    session: new Set([
      ...always,
      ...policy,
      "routeReflectorClient",
      "prefixLimit",
      "minHopLimit",
      "allowOwnAs",
      "addPath",
      "gracefulRestart",
    ]),
    timers: new Set(["holdTime", "keepaliveTime", "connectRetryTime", "restartTime"]),
    routing: new Set(["clusterId", "install"]),
  },
  openbgpd: {
    dials: true,
    families: [6],
    transit: true,
    scoped: true,
    holdTimeZero: false,
    anyKey: false,
    checksInnerLoops: false,
    heedsCommunities: false,
    resets: true,
    session: new Set([
      ...always,
      ...policy,
      ...guards,
      ...roles,
      "routeReflectorClient",
      "prefixLimit",
      "enforceFirstAs",
      "addPath",
    ]),
    timers: new Set(["holdTime", "connectRetryTime"]),
    routing: new Set(["clusterId", "install"]),
  },
  exabgp: {
    dials: false,
    families: [4, 6],
    transit: false,
    scoped: true,
    holdTimeZero: true,
    anyKey: false,
    checksInnerLoops: true,
    heedsCommunities: false,
    resets: false,
    session: new Set([
      ...always,
      "md5Key",
      "med",
      "localPref",
      "communities",
      "exportPrefixes",
      "allowOwnAs",
      "addPath",
      "gracefulRestart",
    ]),
    timers: new Set(["holdTime", "restartTime"]),
    routing: new Set(["install"]),
  },
};
