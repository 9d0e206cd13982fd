import * as v from "valibot";
import { closed } from "../bgp/config/closed.ts";
import {
  communitiesField,
  extendedCommunitiesField,
  largeCommunitiesField,
} from "../bgp/config/community-fields.ts";
import { linkLocalField } from "../bgp/config/fields.ts";
import { expected } from "../bgp/config/message.ts";
import {
  actionField,
  asPathField,
  nextHopsField,
  nonEmpty,
  numberRangeField,
  originField,
  peersField,
  prefixRangesField,
  prependField,
  setFields,
} from "../bgp/config/policy-fields.ts";
import { listChange } from "../bgp/config/policy-schema.ts";
import type { Rule } from "../bgp/policy/policy.ts";
import { defined } from "./defined.ts";
import { either, key, part } from "./described.ts";
import { nameField } from "./fields.ts";

const texts = { type: "array", items: { type: "string" } };
const communities = { type: "array", items: { type: ["string", "integer"] } };
const largeCommunities = { type: "array", items: { type: ["string", "array"] } };
const range = { type: ["integer", "string", "object"] };
const word = { type: ["integer", "null"], minimum: 0, maximum: 0xffff_ffff };
const listChanges = (items: object) => ({
  type: "object",
  properties: { set: items, delete: items, add: items },
  additionalProperties: false,
});

const match = closed({
  prefix: part(prefixRangesField, {
    meaning:
      "these prefixes; with `ge` and `le` those in them of so many bits: `10.0.0.0/8 le 24` has 10.1.0.0/16 and 10.0.0.0/8 itself. `ge` alone goes up to single addresses",
    json: { type: "array", items: { type: ["string", "object"] } },
  }),
  "as-path": part(asPathField, {
    meaning: "AS paths with this regular expression somewhere in them, see below",
    json: { type: "string" },
  }),
  community: part(nonEmpty(communitiesField), {
    meaning: "routes with one of them: `64512:100`, `no-export`, `blackhole` (RFC 1997)",
    json: communities,
  }),
  "large-community": part(nonEmpty(largeCommunitiesField), {
    meaning: "`64512:1:2` (RFC 8092)",
    json: largeCommunities,
  }),
  "ext-community": part(nonEmpty(extendedCommunitiesField), {
    meaning: "`rt:64512:1`, `soo:10.0.0.1:7`, or 16 hexadecimal digits (RFC 4360)",
    json: texts,
  }),
  "next-hop": part(nextHopsField, { meaning: "next hops in one of these prefixes", json: texts }),
  peer: part(peersField, {
    meaning:
      "what came from one of these peers: interfaces such as `eth0`, or AS numbers. What the router originates has none",
    json: communities,
  }),
  origin: part(originField, { meaning: "`igp`, `egp` or `incomplete`" }),
  med: part(numberRangeField, {
    meaning: "a number or a range, such as `0-100`; a route without one has 0",
    json: range,
  }),
  "local-pref": part(numberRangeField, { meaning: "the same; a route without one has 100", json: range }),
});

const changes = closed({
  "local-pref": part(setFields.localPref, { meaning: "sets LOCAL_PREF; `~` takes it away", json: word }),
  med: part(setFields.med, { meaning: "the same for MULTI_EXIT_DISC", json: word }),
  origin: part(originField, { meaning: "sets ORIGIN" }),
  prepend: part(prependField, {
    meaning: "puts the router's own AS number at the front of the AS path, so many times (1 to 64)",
    json: { type: "integer", minimum: 1, maximum: 64 },
  }),
  "next-hop": part(linkLocalField, {
    meaning:
      "an address in fe80::/64 on the link of the session: in `import` where the router sends the packets, in `export` where the peer is to, over any `next-hop` of the session",
    json: { type: "string" },
  }),
  community: part(listChange(communitiesField), {
    meaning:
      "a map: `set` replaces all, then `delete` takes some away, then `add` adds those that are not there. `{ set: [] }` takes all away",
    json: listChanges(communities),
  }),
  "large-community": part(listChange(largeCommunitiesField), {
    meaning: "the same for large communities",
    json: listChanges(largeCommunities),
  }),
  "ext-community": part(listChange(extendedCommunitiesField), {
    meaning: "the same for extended communities",
    json: listChanges(texts),
  }),
});

/** A constant of its own: the linter takes an object with a key of that name for a promise. */
const decision = "then";

const ruleHints = new Map([
  ["action", "did you mean then?"],
  ["if", "did you mean match?"],
]);

const longRule = v.pipe(
  closed(
    {
      match: key(match, { meaning: "what all must hold of a route", without: "any route" }),
      set: key(changes, { meaning: "what is changed", without: "nothing" }),
      [decision]: part(actionField, {
        meaning: "`accept`, `reject`, or `next` for the rule behind this one",
        without: "`accept`",
      }),
    },
    ruleHints,
  ),
  v.transform((rule): Rule => {
    const { match: from, set: to } = rule;
    return {
      match: defined({
        prefixes: from?.prefix,
        asPath: from?.["as-path"],
        communities: from?.community,
        extendedCommunities: from?.["ext-community"],
        largeCommunities: from?.["large-community"],
        nextHops: from?.["next-hop"],
        peers: from?.peer,
        origin: from?.origin,
        med: from?.med,
        localPref: from?.["local-pref"],
      }),
      set: defined({
        origin: to?.origin,
        med: to?.med,
        localPref: to?.["local-pref"],
        prepend: to?.prepend,
        nextHop: to?.["next-hop"],
        communities: to?.community,
        extendedCommunities: to?.["ext-community"],
        largeCommunities: to?.["large-community"],
      }),
      action: rule[decision] ?? "accept",
    };
  }),
);

/** A rule for all routes may be just what becomes of them. */
const shortRule = v.pipe(
  actionField,
  v.transform((action): Rule => ({ match: {}, set: {}, action })),
);

const rulesHint = "write it as [{ match: { prefix: [10.0.0.0/8] } }, reject]";

/** The rules of a policy, in order. */
export const rulesText = v.array(
  either((input) => (typeof input === "string" ? shortRule : longRule), [shortRule, longRule]),
  expected("a list of rules", rulesHint),
);

/** What a policy may be called. */
export const policyName = nameField({ of: "policy", max: 63 });

/** The policy of one direction of a session: the name of one, or its rules in place. */
export const policyText = either(
  (input) => (typeof input === "string" ? policyName : rulesText),
  [policyName, rulesText],
);

/** What {@link policyText} leads to; null for none. */
export type PolicyText = string | readonly Rule[] | null;
