import * as v from "valibot";
import type { Family } from "../../net/address.ts";
import { communitiesField } from "./community-fields.ts";
import { maxAdvertisementInterval, roles } from "./config.ts";
import { asnField, routerIdField } from "./fields.ts";
import { expected, withHint } from "./message.ts";
import { wholeField, wordField } from "./word.ts";

const remoteAsWords = v.picklist(
  ["external", "internal", "any"],
  expected("an AS number, external, internal or any"),
);

const family = v.picklist(
  ["ipv4-unicast", "ipv6-unicast"],
  expected("an address family", "families are ipv4-unicast and ipv6-unicast"),
);

/** Families by name in a topology; the speaker's own configuration has their numbers. */
export const familyNamesField = v.pipe(
  v.array(family, expected("a list of address families", "write it as [ipv4-unicast, ipv6-unicast]")),
  v.minLength(1, "a session needs at least one address family"),
  v.check((names) => new Set(names).size === names.length, "an address family is there twice"),
  v.transform((names): readonly Family[] => names.map((name) => (name === "ipv4-unicast" ? 4 : 6))),
);

const familiesField = v.pipe(
  v.array(v.picklist([4, 6], expected("4 or 6")), expected("a list of 4 and 6")),
  v.minLength(1, "a session needs at least one address family"),
  v.check((families) => new Set(families).size === families.length, "an address family is there twice"),
  v.transform((families): readonly Family[] => families),
);

const flag = v.boolean(expected("true or false"));

/** What a session may be told beside its timers, each by itself; for the meanings see `SessionConfig`. */
export const sessionFields = {
  remoteAs: v.lazy((input) => (typeof input === "number" ? asnField : remoteAsWords)),
  remoteId: routerIdField,
  passive: flag,
  families: familiesField,
  role: v.picklist(roles, expected("a role", `roles are ${roles.join(", ")} (RFC 9234)`)),
  strictRole: flag,
  dampPeerOscillations: flag,
  collisionDetectEstablished: flag,
  enforceFirstAs: flag,
  allowOwnAs: wholeField("how often our own AS may be on a path", { min: 0, max: 10 }),
  removePrivateAs: flag,
  routeReflectorClient: flag,
  prefixLimit: wholeField("a prefix limit", { min: 1, max: 0xffff_ffff }),
  requirePolicy: flag,
  addPath: v.picklist(
    ["off", "receive", "send", "both"],
    expected("a direction", "off, receive, send or both (RFC 7911)"),
  ),
  gracefulRestart: v.picklist(
    ["off", "helper", "full"],
    expected("a part in graceful restarts", "off, helper or full (RFC 4724)"),
  ),
  gracefulShutdown: flag,
  blackhole: flag,
  med: wordField("a MED"),
  communities: communitiesField,
  localPref: wordField("a local preference"),
};

/** Router Lifetime of our Router Advertisements, in seconds (RFC 4861 §6.2.1, AdvDefaultLifetime). */
export const routerLifetimeField = v.pipe(
  v.number(expected("a router lifetime in seconds")),
  v.check(
    (value) => value === 0 || (Number.isInteger(value) && value >= maxAdvertisementInterval && value <= 9000),
    ({ input }) =>
      withHint(
        `router lifetime ${input} is not allowed (RFC 4861 §6.2.1)`,
        `0 for no default router, or ${maxAdvertisementInterval} to 9000 s`,
      ),
  ),
);
