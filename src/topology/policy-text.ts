import * as v from "valibot";
import { closed } from "../bgp/config/closed.ts";
import {
  communitiesField,
  extendedCommunitiesField,
  largeCommunitiesField,
} from "../bgp/config/community-fields.ts";
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
import { nameField } from "./fields.ts";

const match = closed({
  prefix: v.optional(prefixRangesField),
  "as-path": v.optional(asPathField),
  community: v.optional(nonEmpty(communitiesField)),
  "ext-community": v.optional(nonEmpty(extendedCommunitiesField)),
  "large-community": v.optional(nonEmpty(largeCommunitiesField)),
  "next-hop": v.optional(nextHopsField),
  peer: v.optional(peersField),
  origin: v.optional(originField),
  med: v.optional(numberRangeField),
  "local-pref": v.optional(numberRangeField),
});

const changes = closed({
  origin: v.optional(originField),
  med: v.optional(setFields.med),
  "local-pref": v.optional(setFields.localPref),
  prepend: v.optional(prependField),
  community: v.optional(listChange(communitiesField)),
  "ext-community": v.optional(listChange(extendedCommunitiesField)),
  "large-community": v.optional(listChange(largeCommunitiesField)),
});

/** A constant of its own: the linter takes an object with a key of that name for a promise. */
const decision = "then";

const ruleHints = new Map([
  ["action", "did you mean then?"],
  ["if", "did you mean match?"],
]);

const longRule = v.pipe(
  closed(
    { match: v.nullish(match), set: v.nullish(changes), [decision]: v.optional(actionField) },
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
  v.lazy((input) => (typeof input === "string" ? shortRule : longRule)),
  expected("a list of rules", rulesHint),
);

/** What a policy may be called. */
export const policyName = nameField({ of: "policy", max: 63 });

/** The policy of one direction of a session: the name of one, or its rules in place; null for none. */
export const policyText = v.nullish(v.lazy((input) => (typeof input === "string" ? policyName : rulesText)));

/** What {@link policyText} leads to. */
export type PolicyText = string | readonly Rule[] | null;
