import * as v from "valibot";
import { closed } from "../bgp/config/closed.ts";
import { md5KeyField } from "../bgp/config/guard-fields.ts";
import { expected } from "../bgp/config/message.ts";
import { linkLocalNextHopsField, routeFields } from "../bgp/config/route-fields.ts";
import { familyNamesField, routerLifetimeField, sessionFields } from "../bgp/config/session-fields.ts";
import { timerFields } from "../bgp/config/timers.ts";
import { policyText } from "./policy-text.ts";

const timers = closed({
  hold: v.optional(timerFields.holdTime),
  keepalive: v.optional(timerFields.keepaliveTime),
  "connect-retry": v.optional(timerFields.connectRetryTime),
  "idle-hold": v.optional(timerFields.idleHoldTime),
  "delay-open": v.optional(timerFields.delayOpenTime),
  "connect-retry-jitter": v.optional(timerFields.connectRetryJitter),
  "idle-hold-jitter": v.optional(timerFields.idleHoldJitter),
  "send-hold": v.optional(timerFields.sendHoldTime),
  restart: v.optional(timerFields.restartTime),
});

/** What can be said of sessions: in `defaults` of all, at a router of its own, at a link of the one that it carries. */
export const sessionKeys = {
  md5: v.optional(md5KeyField),
  gtsm: v.optional(v.boolean(expected("true or false"))),
  timers: v.nullish(timers),
  passive: v.optional(sessionFields.passive),
  families: v.optional(familyNamesField),
  "remote-as": v.optional(sessionFields.remoteAs),
  role: v.optional(sessionFields.role),
  "strict-role": v.optional(sessionFields.strictRole),
  "damp-peer-oscillations": v.optional(sessionFields.dampPeerOscillations),
  "collision-detect-established": v.optional(sessionFields.collisionDetectEstablished),
  "enforce-first-as": v.optional(sessionFields.enforceFirstAs),
  "allow-own-as": v.optional(sessionFields.allowOwnAs),
  "remove-private-as": v.optional(sessionFields.removePrivateAs),
  "route-reflector-client": v.optional(sessionFields.routeReflectorClient),
  "prefix-limit": v.optional(sessionFields.prefixLimit),
  "require-policy": v.optional(sessionFields.requirePolicy),
  import: policyText,
  export: policyText,
  "add-path": v.optional(sessionFields.addPath),
  "graceful-restart": v.optional(sessionFields.gracefulRestart),
  "graceful-shutdown": v.optional(sessionFields.gracefulShutdown),
  blackhole: v.optional(sessionFields.blackhole),
  "import-prefixes": v.optional(routeFields.prefixes),
  "export-prefixes": v.optional(routeFields.prefixes),
  "next-hop": v.optional(linkLocalNextHopsField),
  "router-lifetime": v.optional(routerLifetimeField),
  med: v.optional(sessionFields.med),
  communities: v.optional(sessionFields.communities),
  "local-pref": v.optional(sessionFields.localPref),
};

/** One end of one link. */
export const linkSession = closed({ ...sessionKeys, "remote-id": v.optional(sessionFields.remoteId) });

export type TimersText = v.InferOutput<typeof timers>;
export type SessionText = v.InferOutput<typeof linkSession>;
