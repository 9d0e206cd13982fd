import type { SessionConfig, Timers } from "./config.ts";

/** What must be done for a change of a session to hold. */
export type Effect =
  /** The session must end and be established anew: the two OPENs or the sockets depend on it. */
  | "reset"
  /** What the peer has told must be judged anew; it need not tell it again. */
  | "reimport"
  /** The peer must hear what is different now for it. */
  | "readvertise"
  /** Nothing beyond: it holds from the next time that it matters, and for a session without a connection at once. */
  | "live";

/** What may change while a speaker runs: all but where the session is. */
export type Changeable = Omit<SessionConfig, "ifname" | "peer" | "linkLocal">;

const effects: Record<keyof Omit<Changeable, "timers"> | keyof Timers, readonly Effect[]> = {
  remoteAs: ["reset"],
  remoteId: ["reset"],
  passive: ["live"],
  families: ["reset"],
  role: ["reset"],
  strictRole: ["reset"],
  dampPeerOscillations: ["live"],
  collisionDetectEstablished: ["live"],
  enforceFirstAs: ["reimport"],
  allowOwnAs: ["reimport"],
  removePrivateAs: ["readvertise"],
  routeReflectorClient: ["reimport", "readvertise"],
  prefixLimit: ["reimport"],
  requirePolicy: ["reimport", "readvertise"],
  importPolicy: ["reimport"],
  exportPolicy: ["readvertise"],
  addPath: ["reset"],
  gracefulRestart: ["reset"],
  gracefulShutdown: ["readvertise"],
  blackhole: ["reimport"],
  med: ["readvertise"],
  communities: ["readvertise"],
  localPref: ["reimport", "readvertise"],
  importPrefixes: ["reimport"],
  exportPrefixes: ["readvertise"],
  nextHop: ["readvertise"],
  routerLifetime: ["live"],
  md5Key: ["reset"],
  minHopLimit: ["reset"],
  holdTime: ["reset"],
  keepaliveTime: ["reset"],
  connectRetryTime: ["live"],
  idleHoldTime: ["live"],
  delayOpenTime: ["live"],
  connectRetryJitter: ["live"],
  idleHoldJitter: ["live"],
  sendHoldTime: ["live"],
  restartTime: ["live"],
};

/** All that must be done, a reset alone if there must be one; nothing if the two are the same. */
export function effectsOf(before: Changeable, after: Changeable): readonly Effect[] {
  const [old, now] = [flat(before), flat(after)];
  const found = new Set<Effect>();
  for (const [key, due] of Object.entries(effects) as [keyof typeof effects, readonly Effect[]][]) {
    if (JSON.stringify(old[key]) !== JSON.stringify(now[key])) for (const effect of due) found.add(effect);
  }
  return found.has("reset") ? ["reset"] : [...found];
}

const flat = ({ timers, ...session }: Changeable) => ({ ...session, ...timers });
