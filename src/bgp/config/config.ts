import type { Address, Family, RouterId } from "../../net/address.ts";
import type { Asn } from "../../net/asn.ts";
import type { Prefix } from "../../net/prefix.ts";
import type { Rule } from "../policy/policy.ts";

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
  /** Routes of the namespace that are originated, too: addresses of interfaces, and routes that somebody else put there. */
  readonly redistribute: readonly RouteSource[];
  /** Of the routes that it reflects (RFC 4456 §7); null for the router id. */
  readonly clusterId: RouterId | null;
  readonly multipath: Multipath;
  /** Whether routes go into the kernel; without, the router only talks, as a route server or reflector does. */
  readonly install: boolean;
  /** By name, for sessions to refer to. */
  readonly policies: Readonly<Record<string, readonly Rule[]>>;
  readonly sessions: readonly SessionConfig[];
}

/** Where routes of a namespace come from, beside BGP: see ip-route(8), protocols kernel and static. */
export const routeSources = ["connected", "static"] as const;

export type RouteSource = (typeof routeSources)[number];

/** How many routes to a prefix are used at once, and when two count as equal. */
export interface Multipath {
  /** 1 for the best alone, at most 64. */
  readonly maximumPaths: number;
  /** AS paths need only be of the same length, not the same. */
  readonly asPathRelax: boolean;
}

/** bunyan's levels; a level means itself and all above it. At `trace` every keepalive has its lines. */
export const logLevels = ["trace", "debug", "info", "warn", "error"] as const;

export type LogLevel = (typeof logLevels)[number];

/** An unnumbered session: it belongs to an interface, and the peer's address is discovered, or told on a shared link. */
export interface SessionConfig {
  readonly ifname: string;
  /** The peer's link-local address, where several share the link; null for the one that is discovered. */
  readonly peer: Address | null;
  /**
   * The address that the interface must have, given back to it when it is up without one: the kernel takes a link-local
   * address away with the link. Null to leave addresses to others.
   */
  readonly linkLocal: Address | null;
  /** Which ASN the peer must have: a number, any but ours, only ours, or any at all. */
  readonly remoteAs: Asn | "external" | "internal" | "any";
  /** The BGP identifier that the peer must have; null for any. */
  readonly remoteId: RouterId | null;
  /** Never dial, only accept (RFC 4271 §8.1.1, PassiveTcpEstablishment). */
  readonly passive: boolean;
  /** Unicast address families that we announce; at least one. */
  readonly families: readonly Family[];
  /** What we are to the peer (RFC 9234 §4.1); null to say nothing. Not told to a peer of our own AS. */
  readonly role: Role | null;
  /** Refuse a peer that does not tell its role (RFC 9234 §4.2). */
  readonly strictRole: boolean;
  /** Stay in Idle for twice as long after each failure in a row (RFC 4271 §8.1.1, DampPeerOscillations). */
  readonly dampPeerOscillations: boolean;
  /** Let a new connection compete with an Established one (RFC 4271 §8.1.1, CollisionDetectEstablishedState). */
  readonly collisionDetectEstablished: boolean;
  /** Do not use routes of an external peer whose AS path does not begin with its ASN (RFC 4271 §6.3). */
  readonly enforceFirstAs: boolean;
  /** How often our own ASN may stand in the AS path of a route that we use all the same. */
  readonly allowOwnAs: number;
  /** Take private ASNs (RFC 6996) out of the AS paths that we advertise to an external peer. */
  readonly removePrivateAs: boolean;
  /** The peer is a client of ours as a route reflector (RFC 4456); of no meaning between ASes. */
  readonly routeReflectorClient: boolean;
  /** More prefixes than that, received and not rejected, end the session with Cease/Maximum Number of Prefixes Reached (RFC 4486); null for any number. */
  readonly prefixLimit: number | null;
  /** Use nothing of an external peer without an import policy, and advertise nothing without an export policy (RFC 8212). */
  readonly requirePolicy: boolean;
  /** Names of policies of the router; null for none. */
  readonly importPolicy: string | null;
  readonly exportPolicy: string | null;
  /** Whether several paths to a prefix are exchanged, if the peer can, too (RFC 7911). */
  readonly addPath: "off" | "receive" | "send" | "both";
  /** What we do when the peer starts again (`helper`), and what we ask of it when we do (`full`, RFC 4724). */
  readonly gracefulRestart: "off" | "helper" | "full";
  /** The session is about to end: advertise all with GRACEFUL_SHUTDOWN (RFC 8326). What a peer sends with it gets LOCAL_PREF 0 in any case. */
  readonly gracefulShutdown: boolean;
  /** Drop packets to prefixes that the peer announces with BLACKHOLE (RFC 7999), instead of forwarding them. */
  readonly blackhole: boolean;
  /** MULTI_EXIT_DISC of all that we advertise; null for that of the route. */
  readonly med: number | null;
  /** Added to all that we advertise (RFC 1997), 32 bits each. */
  readonly communities: readonly number[];
  /** LOCAL_PREF of all that we receive, and of all that we advertise inside our AS; null for that of the route. */
  readonly localPref: number | null;
  /** Of all that we receive, use these prefixes alone; null for any. */
  readonly importPrefixes: readonly Prefix[] | null;
  /** Advertise these prefixes alone; null for any. */
  readonly exportPrefixes: readonly Prefix[] | null;
  /** The IPv6 addresses that we announce as next hops instead of our own link-local address; null for none. */
  readonly nextHop: NextHops | null;
  /** Seconds for which we offer ourselves as a default router (RFC 4861 §6.2.1): 0 for not at all, or 10 to 9000. */
  readonly routerLifetime: number;
  /** Key of the TCP-MD5 signature (RFC 2385), 1 to 80 printable ASCII characters; null for none. A secret: nothing shows it. */
  readonly md5Key: string | null;
  /** The smallest hop limit that is taken from the peer (RFC 5082): 255 for neighbors alone, null for any. */
  readonly minHopLimit: number | null;
  readonly timers: Timers;
}

/** By family of the prefix, not of the address. */
export interface NextHops {
  readonly ipv4?: Address;
  readonly ipv6?: Address;
}

/** MaxRtrAdvInterval as FRR has it for unnumbered peers, in seconds (RFC 4861 §6.2.1). */
export const maxAdvertisementInterval = 10;

/** What two neighbors in different ASes are to each other; each says what it is itself (RFC 9234 §4.1). */
export const roles = ["provider", "rs-server", "rs-client", "customer", "peer"] as const;

export type Role = (typeof roles)[number];

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
  /** How long to wait for the peer's OPEN before ours is sent (RFC 4271 §8.1.1, DelayOpenTime); 0 for not at all. */
  readonly delayOpenTime: number;
  /** The connect retry time is multiplied by a random factor in this range each time (RFC 4271 §10). */
  readonly connectRetryJitter: Jitter;
  /** The same for the idle hold time. */
  readonly idleHoldJitter: Jitter;
  /** How long a peer may take nothing of what we send (RFC 9687); null for twice the hold time, at least 8 minutes. */
  readonly sendHoldTime: number | null;
  /** How long we ask a peer to wait while we start again (RFC 4724 §3), 0 to 4095. */
  readonly restartTime: number;
}

/** A range of factors, 0 < min <= max. */
export type Jitter = readonly [min: number, max: number];

export const defaultTimers: Timers = {
  holdTime: 9,
  keepaliveTime: 3,
  connectRetryTime: 1,
  idleHoldTime: 0,
  delayOpenTime: 0,
  connectRetryJitter: [0.75, 1],
  idleHoldJitter: [0.75, 1],
  sendHoldTime: null,
  restartTime: 120,
};

/** A router of which nothing is said but who it is. */
export const defaultRouter: Pick<
  RouterConfig,
  "redistribute" | "clusterId" | "multipath" | "install" | "policies"
> = {
  redistribute: [],
  clusterId: null,
  multipath: { maximumPaths: 1, asPathRelax: false },
  install: true,
  policies: {},
};

/** A session of which nothing is said but where it is, and with whom. */
export const defaultSession: Omit<SessionConfig, "ifname" | "remoteAs"> = {
  peer: null,
  linkLocal: null,
  remoteId: null,
  passive: false,
  families: [4, 6],
  role: null,
  strictRole: false,
  dampPeerOscillations: false,
  collisionDetectEstablished: false,
  enforceFirstAs: false,
  allowOwnAs: 0,
  removePrivateAs: false,
  routeReflectorClient: false,
  prefixLimit: null,
  requirePolicy: false,
  importPolicy: null,
  exportPolicy: null,
  addPath: "off",
  gracefulRestart: "helper",
  gracefulShutdown: false,
  blackhole: false,
  med: null,
  communities: [],
  localPref: null,
  importPrefixes: null,
  exportPrefixes: null,
  nextHop: null,
  routerLifetime: 0,
  md5Key: null,
  minHopLimit: null,
  timers: defaultTimers,
};
