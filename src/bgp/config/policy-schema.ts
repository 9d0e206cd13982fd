import * as v from "valibot";
import { closed } from "./closed.ts";
import { communitiesField, extendedCommunitiesField, largeCommunitiesField } from "./community-fields.ts";
import { expected } from "./message.ts";
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
} from "./policy-fields.ts";
import { nextHopField } from "./route-fields.ts";

const match = closed({
  prefixes: v.exactOptional(prefixRangesField),
  asPath: v.exactOptional(asPathField),
  communities: v.exactOptional(nonEmpty(communitiesField)),
  extendedCommunities: v.exactOptional(nonEmpty(extendedCommunitiesField)),
  largeCommunities: v.exactOptional(nonEmpty(largeCommunitiesField)),
  nextHops: v.exactOptional(nextHopsField),
  peers: v.exactOptional(peersField),
  origin: v.exactOptional(originField),
  med: v.exactOptional(numberRangeField),
  localPref: v.exactOptional(numberRangeField),
});

/** What is done to a list of communities of one kind. */
export function listChange<Schema extends v.GenericSchema<unknown, unknown[]>>(list: Schema) {
  return closed({
    set: v.exactOptional(list),
    delete: v.exactOptional(list),
    add: v.exactOptional(list),
  });
}

const changes = closed({
  origin: v.exactOptional(originField),
  med: v.exactOptional(setFields.med),
  localPref: v.exactOptional(setFields.localPref),
  prepend: v.exactOptional(prependField),
  nextHop: v.exactOptional(nextHopField),
  communities: v.exactOptional(listChange(communitiesField)),
  extendedCommunities: v.exactOptional(listChange(extendedCommunitiesField)),
  largeCommunities: v.exactOptional(listChange(largeCommunitiesField)),
});

const rule = closed({
  match: v.optional(match, {}),
  set: v.optional(changes, {}),
  action: v.optional(actionField, "accept"),
});

/** The rules of a policy, as a speaker is told them. */
export const rulesSchema = v.array(rule, expected("a list of rules"));

/** Policies by name. */
export const policiesSchema = v.record(v.string(), rulesSchema, expected("a map of policies"));
