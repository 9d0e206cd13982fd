import type { SessionConfig, Timers } from "./config.ts";

/** What must be done for a change to hold. */
export type Effect =
  /** The router starts over, with all of its sessions. */
  | "restart"
  /** The session must end and be established anew: the two OPENs or the sockets depend on it. */
  | "reset"
  /** What the peer has told must be judged anew; it need not tell it again. */
  | "reimport"
  /** The peer must hear what is different now for it. */
  | "readvertise"
  /** Nothing beyond: it holds from the next time that it matters, and for a session without a connection at once. */
  | "live";

/** What may change while a session is there: all but where it is. */
export type Changeable = Omit<SessionConfig, "ifname" | "peer">;

/** A field of a session, or one of its timers. */
export type SessionField = keyof Omit<Changeable, "timers"> | keyof Timers;

const effects: Record<SessionField, readonly Effect[]> = {
  linkLocal: ["live"],
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

/** What a session says otherwise than before; nothing if the two are the same. */
export function changedFields(before: Changeable, after: Changeable): readonly SessionField[] {
  const [old, now] = [flat(before), flat(after)];
  const fields = Object.keys(effects) as SessionField[];
  return fields.filter((field) => JSON.stringify(old[field]) !== JSON.stringify(now[field]));
}

/** All that must be done when these have changed, a reset alone if there must be one. */
export function effectsOf(fields: readonly SessionField[]): readonly Effect[] {
  const found = new Set(fields.flatMap((field) => effects[field]));
  return found.has("reset") ? ["reset"] : [...found];
}

const flat = ({ timers, ...session }: Changeable) => ({ ...session, ...timers });
