import * as v from "valibot";
import { closed } from "../bgp/config/closed.ts";
import { md5KeyField } from "../bgp/config/guard-fields.ts";
import { expected } from "../bgp/config/message.ts";
import { linkLocalNextHopsField, routeFields } from "../bgp/config/route-fields.ts";
import { familyNamesField, routerLifetimeField, sessionFields } from "../bgp/config/session-fields.ts";
import { timerFields } from "../bgp/config/timers.ts";
import { key } from "./described.ts";
import { policyText } from "./policy-text.ts";

const seconds = (minimum: number, maximum = 0xffff) => ({ type: "integer", minimum, maximum });
const jitterJson = { type: "array", items: { type: "number" }, minItems: 2, maxItems: 2 };

export const timersSchema = closed({
  hold: key(timerFields.holdTime, {
    meaning: "hold time: 0 (no keepalives at all) or 3 to 65535",
    without: "9",
    json: seconds(0),
  }),
  keepalive: key(timerFields.keepaliveTime, {
    meaning: "between two keepalives, below `hold`; a `hold` without it beside it brings a third of itself",
    without: "3",
    json: seconds(0),
  }),
  "connect-retry": key(timerFields.connectRetryTime, {
    meaning: "between two dials, 1 to 65535",
    without: "1",
    json: seconds(1),
  }),
  "idle-hold": key(timerFields.idleHoldTime, {
    meaning: "in Idle after an error, 0 to 65535",
    without: "0",
    json: seconds(0),
  }),
  "delay-open": key(timerFields.delayOpenTime, {
    meaning: "how long the OPEN waits for that of the peer, 0 to 240 (RFC 4271 §8.1.1)",
    without: "0",
    json: seconds(0, 240),
  }),
  "connect-retry-jitter": key(timerFields.connectRetryJitter, {
    meaning: "range of the random factor of `connect-retry`, each from 0.1 to 10",
    without: "`[0.75, 1]`",
    json: jitterJson,
  }),
  "idle-hold-jitter": key(timerFields.idleHoldJitter, {
    meaning: "the same for `idle-hold`",
    without: "`[0.75, 1]`",
    json: jitterJson,
  }),
  "send-hold": key(timerFields.sendHoldTime, {
    meaning: "how long a peer may take nothing, 1 to 65535 (RFC 9687)",
    without: "twice the hold time, at least 480",
    json: seconds(1),
  }),
  restart: key(timerFields.restartTime, {
    meaning: "how long peers are asked to wait while the router starts again, 0 to 4095 (RFC 4724)",
    without: "120",
    json: seconds(0, 4095),
  }),
});

const flag = v.boolean(expected("true or false"));
const word = { type: "integer", minimum: 0, maximum: 0xffff_ffff };
const prefixes = { type: "array", items: { type: "string" } };

/** What can be said of sessions: in `defaults` of all, at a router of its own, at a link of the one that it carries. */
export const sessionKeys = {
  passive: key(sessionFields.passive, { meaning: "`true`: never dial, only accept", without: "`false`" }),
  families: key(familyNamesField, {
    meaning: "list of `ipv4-unicast` and `ipv6-unicast`; both ends need one in common",
    without: "both",
  }),
  "remote-as": key(sessionFields.remoteAs, {
    meaning: "the peer's AS: `external`, `internal`, `any` or a number",
    without: "that of the peer",
    json: { anyOf: [{ enum: ["external", "internal", "any"] }, { type: "integer", minimum: 1 }] },
  }),
  role: key(sessionFields.role, {
    meaning:
      "what the router is to its peer: `provider`, `customer`, `rs-server`, `rs-client` or `peer` (RFC 9234); not told inside an AS",
    without: "none",
  }),
  "strict-role": key(sessionFields.strictRole, {
    meaning: "`true`: refuse a peer that does not tell its role",
    without: "`false`",
  }),
  "enforce-first-as": key(sessionFields.enforceFirstAs, {
    meaning: "`true`: use no route of an external peer whose AS path begins with another AS",
    without: "`false`",
  }),
  "local-pref": key(sessionFields.localPref, {
    meaning:
      "LOCAL_PREF of all that comes over the session, and of all that goes out to a peer of the same AS",
    without: "that of the route, or 100",
    json: word,
  }),
  med: key(sessionFields.med, {
    meaning: "MULTI_EXIT_DISC of all that the peer is told",
    without: "that of the route",
    json: word,
  }),
  communities: key(sessionFields.communities, {
    meaning:
      "added to all that the peer is told: a list of `64512:100`, `no-export`, `no-advertise` and the like (RFC 1997); lists add up",
    without: "none",
    json: { type: "array", items: { type: ["string", "integer"] } },
  }),
  import: key(policyText, {
    meaning: "the [policy](policy.md) for what the peer tells: its name, or its rules; `~` for none",
    without: "none",
  }),
  export: key(policyText, { meaning: "the policy for what the peer is told", without: "none" }),
  "require-policy": key(sessionFields.requirePolicy, {
    meaning:
      "`true`: an external peer tells nothing without an `import` policy, and is told nothing without an `export` policy (RFC 8212)",
    without: "`false`",
  }),
  "prefix-limit": key(sessionFields.prefixLimit, {
    meaning: "more prefixes than that from the peer, those rejected aside, end the session (Cease/1)",
    without: "any number",
    json: { type: "integer", minimum: 1, maximum: 0xffff_ffff },
  }),
  "allow-own-as": key(sessionFields.allowOwnAs, {
    meaning: "how often the router's own AS may be on a path that it uses all the same, up to 10",
    without: "0",
    json: { type: "integer", minimum: 0, maximum: 10 },
  }),
  "remove-private-as": key(sessionFields.removePrivateAs, {
    meaning:
      "`true`: take private AS numbers, but the peer's, out of the paths that an external peer is told",
    without: "`false`",
  }),
  "route-reflector-client": key(sessionFields.routeReflectorClient, {
    meaning:
      "`true`: the peer, of the same AS, is told of the routes of other iBGP peers, and they of its (RFC 4456)",
    without: "`false`",
  }),
  "add-path": key(sessionFields.addPath, {
    meaning: "`receive`, `send` or `both`: exchange all paths to a prefix, not just the best (RFC 7911)",
    without: "`off`",
  }),
  "graceful-restart": key(sessionFields.gracefulRestart, {
    meaning:
      "`helper`: keep forwarding while the peer starts again; `full`: ask the same of it; or `off` (RFC 4724)",
    without: "`helper`",
  }),
  "graceful-shutdown": key(sessionFields.gracefulShutdown, {
    meaning: "`true`: the session is about to end, so mark all that the peer is told (RFC 8326)",
    without: "`false`",
  }),
  blackhole: key(sessionFields.blackhole, {
    meaning: "`true`: drop packets to what the peer announces with BLACKHOLE (RFC 7999)",
    without: "`false`",
  }),
  "import-prefixes": key(routeFields.prefixes, {
    meaning:
      "list of the prefixes, of both families, that are used of all that the peer tells; `[]` for none",
    without: "all",
    json: prefixes,
  }),
  "export-prefixes": key(routeFields.prefixes, {
    meaning: "list of the prefixes that the peer is told of; `[]` for none",
    without: "all",
    json: prefixes,
  }),
  "next-hop": key(linkLocalNextHopsField, {
    meaning:
      'link-local addresses to announce instead of the router\'s own, such as `{ ipv4: "fe80::7", ipv6: "fe80::8" }`; not the peer\'s',
    without: "own address",
  }),
  "router-lifetime": key(routerLifetimeField, {
    meaning: "seconds for which Router Advertisements offer a default router, 10 to 9000",
    without: "0 (none)",
    json: seconds(0, 9000),
  }),
  "damp-peer-oscillations": key(sessionFields.dampPeerOscillations, {
    meaning:
      "`true`: stay in Idle twice as long after each failure in a row (from `idle-hold`, at least 1 s, up to 120 s), until a session was up for 120 s",
    without: "`false`",
  }),
  "collision-detect-established": key(sessionFields.collisionDetectEstablished, {
    meaning: "`true`: let a new connection compete with an Established one",
    without: "`false`",
  }),
  md5: key(md5KeyField, {
    meaning: "key of the TCP-MD5 signature (RFC 2385), 1 to 80 characters; the peer needs the same",
    without: "no signature",
  }),
  gtsm: key(flag, { meaning: "`true`: take only packets of neighbors (RFC 5082)", without: "`false`" }),
  timers: key(timersSchema, { meaning: "a map of [timers](#timers)" }),
};

/** One end of one link. */
export const linkSession = closed({
  ...sessionKeys,
  "remote-id": key(sessionFields.remoteId, {
    meaning: "the BGP identifier that the peer must have; only at a link",
    without: "any",
  }),
});

export type TimersText = v.InferOutput<typeof timersSchema>;
export type SessionText = v.InferOutput<typeof linkSession>;
