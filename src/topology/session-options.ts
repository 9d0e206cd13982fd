import { defaultSession, defaultTimers, type SessionConfig, type Timers } from "../bgp/config/config.ts";
import { thirdOf } from "../bgp/config/timers.ts";
import type { PolicyText } from "./policy-text.ts";
import type { SessionText, TimersText } from "./session-text.ts";

/** What a session is told beside its place; the ASN of the peer is that of the router there unless it is set. */
export type SessionOptions = Omit<SessionConfig, "ifname" | "peer" | "linkLocal" | keyof Unresolved> &
  Unresolved;

/** What becomes something else in a speaker's configuration. */
interface Unresolved {
  readonly remoteAs: SessionConfig["remoteAs"] | null;
  readonly importPolicy: PolicyText;
  readonly exportPolicy: PolicyText;
}

/** A session of which the file says nothing. */
export const defaultOptions: SessionOptions = withoutPlace();

function withoutPlace(): SessionOptions {
  const { peer, linkLocal, ...options } = defaultSession;
  return { ...options, remoteAs: null };
}

/** What is said here goes over what was said further out, key by key; `null` takes it back, and lists of communities add up. */
export function layerSession(base: SessionOptions, own: SessionText | null | undefined): SessionOptions {
  if (own === null || own === undefined) return base;
  const unset = defaultOptions;
  return {
    remoteAs: said(own["remote-as"], base.remoteAs, unset.remoteAs),
    remoteId: said(own["remote-id"], base.remoteId, unset.remoteId),
    passive: said(own.passive, base.passive, unset.passive),
    families: said(own.families, base.families, unset.families),
    role: said(own.role, base.role, unset.role),
    strictRole: said(own["strict-role"], base.strictRole, unset.strictRole),
    dampPeerOscillations: said(
      own["damp-peer-oscillations"],
      base.dampPeerOscillations,
      unset.dampPeerOscillations,
    ),
    collisionDetectEstablished: said(
      own["collision-detect-established"],
      base.collisionDetectEstablished,
      unset.collisionDetectEstablished,
    ),
    enforceFirstAs: said(own["enforce-first-as"], base.enforceFirstAs, unset.enforceFirstAs),
    allowOwnAs: said(own["allow-own-as"], base.allowOwnAs, unset.allowOwnAs),
    removePrivateAs: said(own["remove-private-as"], base.removePrivateAs, unset.removePrivateAs),
    routeReflectorClient: said(
      own["route-reflector-client"],
      base.routeReflectorClient,
      unset.routeReflectorClient,
    ),
    prefixLimit: said(own["prefix-limit"], base.prefixLimit, unset.prefixLimit),
    requirePolicy: said(own["require-policy"], base.requirePolicy, unset.requirePolicy),
    importPolicy: said(own.import, base.importPolicy, unset.importPolicy),
    exportPolicy: said(own.export, base.exportPolicy, unset.exportPolicy),
    addPath: said(own["add-path"], base.addPath, unset.addPath),
    gracefulRestart: said(own["graceful-restart"], base.gracefulRestart, unset.gracefulRestart),
    gracefulShutdown: said(own["graceful-shutdown"], base.gracefulShutdown, unset.gracefulShutdown),
    blackhole: said(own.blackhole, base.blackhole, unset.blackhole),
    med: said(own.med, base.med, unset.med),
    communities: append(base.communities, own.communities),
    localPref: said(own["local-pref"], base.localPref, unset.localPref),
    importPrefixes: said(own["import-prefixes"], base.importPrefixes, unset.importPrefixes),
    exportPrefixes: said(own["export-prefixes"], base.exportPrefixes, unset.exportPrefixes),
    nextHop: said(own["next-hop"] && { ...base.nextHop, ...own["next-hop"] }, base.nextHop, unset.nextHop),
    routerLifetime: said(own["router-lifetime"], base.routerLifetime, unset.routerLifetime),
    md5Key: said(own.md5, base.md5Key, unset.md5Key),
    // Both ends of a link are neighbors, so whatever comes from further away is not the peer's (RFC 5082).
    minHopLimit: said(own.gtsm === true ? 255 : own.gtsm === false ? null : own.gtsm, base.minHopLimit, null),
    timers: own.timers === null ? defaultTimers : layerTimers(base.timers, own.timers),
  };
}

/** What is said here, or else what was said further out; `null` stands for nothing said at all. */
export function said<Own, Value>(own: Own | null | undefined, base: Value, unset: Value): Own | Value {
  return own === undefined ? base : own === null ? unset : own;
}

/** A list with what was said further out before it, each item once; `null` takes back all of that. */
export function append<Item>(
  base: readonly Item[],
  own: readonly Item[] | null | undefined,
): readonly Item[] {
  if (own === null) return [];
  return own === undefined || own.length === 0 ? base : [...new Set([...base, ...own])];
}

/** A hold time set alone brings its own keepalive time; `null` brings back the default. */
export function layerTimers(base: Timers, own: TimersText | null | undefined): Timers {
  if (own === null || own === undefined) return base;
  const unset = defaultTimers;
  const holdTime = said(own.hold, base.holdTime, unset.holdTime);
  const beside = own.hold === undefined ? base.keepaliveTime : thirdOf(holdTime);
  return {
    holdTime,
    keepaliveTime: said(own.keepalive, beside, thirdOf(holdTime)),
    connectRetryTime: said(own["connect-retry"], base.connectRetryTime, unset.connectRetryTime),
    idleHoldTime: said(own["idle-hold"], base.idleHoldTime, unset.idleHoldTime),
    delayOpenTime: said(own["delay-open"], base.delayOpenTime, unset.delayOpenTime),
    connectRetryJitter: said(own["connect-retry-jitter"], base.connectRetryJitter, unset.connectRetryJitter),
    idleHoldJitter: said(own["idle-hold-jitter"], base.idleHoldJitter, unset.idleHoldJitter),
    sendHoldTime: said(own["send-hold"], base.sendHoldTime, unset.sendHoldTime),
    restartTime: said(own.restart, base.restartTime, unset.restartTime),
  };
}
