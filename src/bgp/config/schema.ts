import * as v from "valibot";
import { closed } from "./closed.ts";
import { defaultRouter, defaultSession, defaultTimers } from "./config.ts";
import {
  asnField,
  ifnameField,
  linkLocalField,
  logLevelField,
  originatedField,
  routerIdField,
} from "./fields.ts";
import { md5KeyField, minHopLimitField } from "./guard-fields.ts";
import { expected, quote, splitHint, withHint } from "./message.ts";
import { knownPolicies } from "./policy-names.ts";
import { policiesSchema } from "./policy-schema.ts";
import { routeFields } from "./route-fields.ts";
import { routerFields } from "./router-fields.ts";
import { routerLifetimeField, sessionFields } from "./session-fields.ts";
import { fittingSessions } from "./shared-link.ts";
import { keepaliveProblem, timerFields } from "./timers.ts";

const policyName = nonEmpty("the name of a policy");

const timers = v.pipe(
  closed({
    holdTime: v.optional(timerFields.holdTime, defaultTimers.holdTime),
    keepaliveTime: v.optional(timerFields.keepaliveTime, defaultTimers.keepaliveTime),
    connectRetryTime: v.optional(timerFields.connectRetryTime, defaultTimers.connectRetryTime),
    idleHoldTime: v.optional(timerFields.idleHoldTime, defaultTimers.idleHoldTime),
    delayOpenTime: v.optional(timerFields.delayOpenTime, defaultTimers.delayOpenTime),
    connectRetryJitter: v.optional(timerFields.connectRetryJitter, defaultTimers.connectRetryJitter),
    idleHoldJitter: v.optional(timerFields.idleHoldJitter, defaultTimers.idleHoldJitter),
    sendHoldTime: v.optional(v.nullable(timerFields.sendHoldTime), null),
    restartTime: v.optional(timerFields.restartTime, defaultTimers.restartTime),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    const problem = dataset.issues ? undefined : keepaliveProblem(dataset.value);
    if (problem !== undefined) addIssue({ message: problem });
  }),
);

const session = closed({
  ifname: ifnameField,
  peer: v.optional(v.nullable(linkLocalField), null),
  linkLocal: v.optional(v.nullable(linkLocalField), null),
  remoteAs: sessionFields.remoteAs,
  remoteId: v.optional(v.nullable(sessionFields.remoteId), null),
  passive: v.optional(sessionFields.passive, defaultSession.passive),
  families: v.optional(sessionFields.families, [...defaultSession.families]),
  role: v.optional(v.nullable(sessionFields.role), null),
  strictRole: v.optional(sessionFields.strictRole, defaultSession.strictRole),
  dampPeerOscillations: v.optional(sessionFields.dampPeerOscillations, defaultSession.dampPeerOscillations),
  collisionDetectEstablished: v.optional(
    sessionFields.collisionDetectEstablished,
    defaultSession.collisionDetectEstablished,
  ),
  enforceFirstAs: v.optional(sessionFields.enforceFirstAs, defaultSession.enforceFirstAs),
  allowOwnAs: v.optional(sessionFields.allowOwnAs, defaultSession.allowOwnAs),
  removePrivateAs: v.optional(sessionFields.removePrivateAs, defaultSession.removePrivateAs),
  routeReflectorClient: v.optional(sessionFields.routeReflectorClient, defaultSession.routeReflectorClient),
  prefixLimit: v.optional(v.nullable(sessionFields.prefixLimit), null),
  requirePolicy: v.optional(sessionFields.requirePolicy, defaultSession.requirePolicy),
  importPolicy: v.optional(v.nullable(policyName), null),
  exportPolicy: v.optional(v.nullable(policyName), null),
  addPath: v.optional(sessionFields.addPath, defaultSession.addPath),
  gracefulRestart: v.optional(sessionFields.gracefulRestart, defaultSession.gracefulRestart),
  gracefulShutdown: v.optional(sessionFields.gracefulShutdown, defaultSession.gracefulShutdown),
  blackhole: v.optional(sessionFields.blackhole, defaultSession.blackhole),
  med: v.optional(v.nullable(sessionFields.med), null),
  communities: v.optional(sessionFields.communities, []),
  localPref: v.optional(v.nullable(sessionFields.localPref), null),
  importPrefixes: v.optional(v.nullable(routeFields.prefixes), null),
  exportPrefixes: v.optional(v.nullable(routeFields.prefixes), null),
  nextHop: v.optional(v.nullable(routeFields.nextHop), null),
  routerLifetime: v.optional(routerLifetimeField, defaultSession.routerLifetime),
  md5Key: v.optional(v.nullable(md5KeyField), null),
  minHopLimit: v.optional(v.nullable(minHopLimitField), null),
  timers: v.optional(timers, {}),
});

const multipath = closed({
  maximumPaths: v.optional(routerFields.maximumPaths, defaultRouter.multipath.maximumPaths),
  asPathRelax: v.optional(routerFields.asPathRelax, defaultRouter.multipath.asPathRelax),
});

/** `RouterConfig` as it is written: what has a sensible default may be left out. */
export const routerConfigSchema = v.pipe(
  closed({
    name: nonEmpty("a router name"),
    netns: v.optional(v.nullable(nonEmpty("a path")), null),
    log: v.optional(v.nullable(nonEmpty("a path")), null),
    logLevel: v.optional(logLevelField, "debug"),
    asn: asnField,
    routerId: routerIdField,
    originate: v.optional(v.pipe(v.array(originatedField, expected("a list of prefixes")), distinct()), []),
    redistribute: v.optional(routerFields.redistribute, [...defaultRouter.redistribute]),
    clusterId: v.optional(v.nullable(routerIdField), null),
    multipath: v.optional(multipath, {}),
    install: v.optional(routerFields.install, defaultRouter.install),
    policies: v.optional(policiesSchema, {}),
    sessions: v.optional(v.pipe(v.array(session, expected("a list of sessions")), fittingSessions()), []),
  }),
  knownPolicies(),
);

/** `SpeakerConfig` as it is written: what has a sensible default may be left out. */
export const speakerConfigSchema = closed({
  control: v.pipe(
    nonEmpty("a path"),
    v.maxBytes(107, withHint("the path of a Unix socket has at most 107 octets", "see unix(7)")),
  ),
  routers: v.pipe(v.array(routerConfigSchema, expected("a list of routers")), distinct("name")),
});

function nonEmpty(what: string) {
  return v.pipe(v.string(expected(what)), v.nonEmpty(`expected ${what}, found empty text`));
}

/** No two items of a list are equal, or have the same value under `key`. */
function distinct<Item>(key?: string): v.RawCheckAction<Item[]> {
  return v.rawCheck(({ dataset, addIssue }) => {
    const input = dataset.value as unknown[];
    if (!Array.isArray(input)) return;
    const seen = new Map<unknown, number>();
    for (const [index, item] of input.entries()) {
      const value = key === undefined ? item : (item as Record<string, unknown> | null)?.[key];
      if (typeof value !== "string") continue;
      const earlier = seen.get(value);
      if (earlier === undefined) {
        seen.set(value, index);
        continue;
      }
      const message = `${quote(value)} is there already, at [${earlier}]`;
      addIssue({ message, path: [{ type: "array", origin: "value", input, key: index, value: item }] });
    }
  });
}

/** An issue as one line, e.g. `routers[0].asn: AS number 0 is reserved (RFC 7607)`. */
export function describeIssue(issue: v.BaseIssue<unknown>): string {
  const place = (issue.path ?? []).map(({ key }) => (typeof key === "number" ? `[${key}]` : `.${key}`));
  const { message, hint } = splitHint(issue.message);
  const path = place.join("").replace(/^\./, "");
  return `${path === "" ? "the configuration" : path}: ${message}${hint === undefined ? "" : ` (${hint})`}`;
}
