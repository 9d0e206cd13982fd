import type { Meeting } from "./meeting.ts";
import type { End } from "./pair.ts";
import { collision } from "./proofs/collision.ts";
import { linkFlap, restart, shutdownMessage } from "./proofs/faults.ts";
import { gracefulRestart } from "./proofs/graceful-restart.ts";
import { gtsm, keysDiffer } from "./proofs/guards.ts";
import { noHoldTime, shortHoldTime } from "./proofs/hold-time.ts";
import { enhancedRefresh, routeRefresh } from "./proofs/refresh.ts";
import { addPath, extendedMessage, largeCommunity, many, withdraw } from "./proofs/routes.ts";
import { fourOctetAs, ipv4, ipv6, session } from "./proofs/session.ts";
import type { MeetingText } from "./topologies.ts";

/** From the first of the two to the second, or back. */
export type Way = "→" | "←";

/** Something that two speakers do together, and how it is proven. */
export interface Feature {
  readonly title: string;
  /** RFC, and perhaps a section; empty where there is none. */
  readonly spec: string;
  readonly stage: Stage;
  readonly proof:
    | { readonly ways: "both"; readonly prove: (meeting: Meeting) => Promise<void> }
    /** Once from each end. */
    | { readonly ways: "each"; readonly prove: (meeting: Meeting, from: End) => Promise<void> };
}

/** Where a feature is tried. */
export type Stage =
  /** In a lab with routers behind both. */
  | { readonly type: "talk" }
  /** The same, where both have processes of their own, and graceful restart. */
  | { readonly type: "restarts" }
  /** Between two routers that have nothing else to do, and are told this. */
  | { readonly type: "meeting"; readonly text: MeetingText };

const talk: Stage = { type: "talk" };
const restarts: Stage = { type: "restarts" };
const meeting = (text: MeetingText["a"], other = text): Stage => ({
  type: "meeting",
  text: { a: text, b: other },
});

/** A session whose end is soon known of, and that a busy machine does not lose. */
const brief = { timers: { hold: 6 } };

const both = (prove: (meeting: Meeting) => Promise<void>) => ({ ways: "both", prove }) as const;
const each = (prove: (meeting: Meeting, from: End) => Promise<void>) => ({ ways: "each", prove }) as const;

/** In the order in which those of one lab are tried: what ends the session comes last. */
export const features = {
  session: { title: "unnumbered session", spec: "RFC 4271", stage: talk, proof: both(session) },
  ipv4: { title: "IPv4 over an IPv6 next hop", spec: "RFC 8950", stage: talk, proof: both(ipv4) },
  ipv6: { title: "IPv6", spec: "RFC 2545", stage: talk, proof: both(ipv6) },
  "four-octet-as": {
    title: "AS numbers of four octets",
    spec: "RFC 6793",
    stage: talk,
    proof: both(fourOctetAs),
  },
  "large-communities": {
    title: "large communities",
    spec: "RFC 8092",
    stage: talk,
    proof: each(largeCommunity),
  },
  "add-path": { title: "ADD-PATH", spec: "RFC 7911", stage: talk, proof: each(addPath) },
  withdraw: { title: "withdrawal", spec: "RFC 4271 §4.3", stage: talk, proof: each(withdraw) },
  "route-refresh": { title: "route refresh", spec: "RFC 2918", stage: talk, proof: each(routeRefresh) },
  "enhanced-refresh": {
    title: "enhanced route refresh",
    spec: "RFC 7313",
    stage: talk,
    proof: each(enhancedRefresh),
  },
  "extended-messages": {
    title: "extended messages",
    spec: "RFC 8654",
    stage: talk,
    proof: each(extendedMessage),
  },
  many: { title: "10,000 routes", spec: "", stage: talk, proof: each(many) },
  flap: { title: "link down and up", spec: "", stage: talk, proof: both(linkFlap) },
  shutdown: { title: "shutdown message", spec: "RFC 9003", stage: talk, proof: each(shutdownMessage) },
  md5: { title: "TCP-MD5", spec: "RFC 2385", stage: meeting({ md5: "key" }), proof: both(session) },
  "md5-mismatch": {
    title: "TCP-MD5, other keys",
    spec: "RFC 2385",
    stage: meeting({ md5: "key" }, { md5: "another" }),
    proof: both(keysDiffer),
  },
  gtsm: { title: "GTSM", spec: "RFC 5082", stage: meeting({ gtsm: true, ...brief }), proof: both(gtsm) },
  "hold-0": {
    title: "hold time 0",
    spec: "RFC 4271 §4.2",
    stage: meeting({ timers: { hold: 0 } }),
    proof: both(noHoldTime),
  },
  "hold-3": {
    title: "hold time 3 s",
    spec: "RFC 4271 §4.2",
    stage: meeting({ timers: { hold: 3 } }),
    proof: both(shortHoldTime),
  },
  collision: {
    title: "both dial",
    spec: "RFC 4271 §6.8",
    stage: meeting(brief),
    proof: both(collision),
  },
  "graceful-restart": {
    title: "graceful restart",
    spec: "RFC 4724",
    stage: restarts,
    proof: each(gracefulRestart),
  },
  restart: { title: "restart", spec: "", stage: restarts, proof: each(restart) },
} as const satisfies Readonly<Record<string, Feature>>;

export type FeatureName = keyof typeof features;

export const featureNames = Object.keys(features) as FeatureName[];

/** The ways in which it is tried, with the end that does what it is about. */
export function waysOf({ proof }: Feature): readonly { readonly way: Way | null; readonly from: End }[] {
  if (proof.ways === "both") return [{ way: null, from: "a" }];
  return [
    { way: "→", from: "a" },
    { way: "←", from: "b" },
  ];
}
