import { defaultSession, type SessionConfig, type Timers } from "../bgp/config/config.ts";
import { thirdOf } from "../bgp/config/timers.ts";
import type { PolicyText } from "./policy-text.ts";
import type { SessionText, TimersText } from "./session-text.ts";

/** What a session is told beside its place; the ASN of the peer is that of the router there unless it is set. */
export type SessionOptions = Omit<SessionConfig, "ifname" | "linkLocal" | keyof Unresolved> & Unresolved;

/** What becomes something else in a speaker's configuration. */
interface Unresolved {
  readonly remoteAs: SessionConfig["remoteAs"] | null;
  readonly importPolicy: PolicyText;
  readonly exportPolicy: PolicyText;
}

/** A session of which the file says nothing. */
export const defaultOptions: SessionOptions = withoutPlace();

function withoutPlace(): SessionOptions {
  const { linkLocal, ...options } = defaultSession;
  return { ...options, remoteAs: null };
}

/** What is said here goes over what was said further out, key by key. */
export function layerSession(base: SessionOptions, own: SessionText | null | undefined): SessionOptions {
  if (own === null || own === undefined) return base;
  return {
    remoteAs: own["remote-as"] ?? base.remoteAs,
    remoteId: own["remote-id"] ?? base.remoteId,
    passive: own.passive ?? base.passive,
    families: own.families ?? base.families,
    role: own.role ?? base.role,
    strictRole: own["strict-role"] ?? base.strictRole,
    dampPeerOscillations: own["damp-peer-oscillations"] ?? base.dampPeerOscillations,
    collisionDetectEstablished: own["collision-detect-established"] ?? base.collisionDetectEstablished,
    enforceFirstAs: own["enforce-first-as"] ?? base.enforceFirstAs,
    allowOwnAs: own["allow-own-as"] ?? base.allowOwnAs,
    removePrivateAs: own["remove-private-as"] ?? base.removePrivateAs,
    routeReflectorClient: own["route-reflector-client"] ?? base.routeReflectorClient,
    prefixLimit: own["prefix-limit"] ?? base.prefixLimit,
    requirePolicy: own["require-policy"] ?? base.requirePolicy,
    importPolicy: own.import === undefined ? base.importPolicy : own.import,
    exportPolicy: own.export === undefined ? base.exportPolicy : own.export,
    addPath: own["add-path"] ?? base.addPath,
    gracefulRestart: own["graceful-restart"] ?? base.gracefulRestart,
    gracefulShutdown: own["graceful-shutdown"] ?? base.gracefulShutdown,
    blackhole: own.blackhole ?? base.blackhole,
    med: own.med ?? base.med,
    communities: own.communities ?? base.communities,
    localPref: own["local-pref"] ?? base.localPref,
    importPrefixes: own["import-prefixes"] ?? base.importPrefixes,
    exportPrefixes: own["export-prefixes"] ?? base.exportPrefixes,
    nextHop: own["next-hop"] ?? base.nextHop,
    routerLifetime: own["router-lifetime"] ?? base.routerLifetime,
    md5Key: own.md5 ?? base.md5Key,
    // Both ends of a link are neighbors, so whatever comes from further away is not the peer's (RFC 5082).
    minHopLimit: own.gtsm === undefined ? base.minHopLimit : own.gtsm ? 255 : null,
    timers: layerTimers(base.timers, own.timers),
  };
}

/** A hold time set alone brings its own keepalive time. */
export function layerTimers(base: Timers, own: TimersText | null | undefined): Timers {
  const keepalive = own?.hold === undefined ? base.keepaliveTime : thirdOf(own.hold);
  return {
    holdTime: own?.hold ?? base.holdTime,
    keepaliveTime: own?.keepalive ?? keepalive,
    connectRetryTime: own?.["connect-retry"] ?? base.connectRetryTime,
    idleHoldTime: own?.["idle-hold"] ?? base.idleHoldTime,
    delayOpenTime: own?.["delay-open"] ?? base.delayOpenTime,
    connectRetryJitter: own?.["connect-retry-jitter"] ?? base.connectRetryJitter,
    idleHoldJitter: own?.["idle-hold-jitter"] ?? base.idleHoldJitter,
    sendHoldTime: own?.["send-hold"] ?? base.sendHoldTime,
    restartTime: own?.restart ?? base.restartTime,
  };
}
