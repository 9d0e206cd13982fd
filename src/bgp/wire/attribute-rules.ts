import { u32At } from "../../std/bytes.ts";
import { type AsnWidth, decodeAsPath, isConfederation } from "./as-path.ts";
import { type AttributeField, attributeFlags, attributeCodes as codes, rawAttribute } from "./attribute.ts";
import {
  decodeAggregator,
  decodeExtendedCommunities,
  decodeLargeCommunities,
  decodeNumbers,
  decodeRouterIds,
  origins,
  wrongLength,
  wrongUnits,
} from "./attribute-values.ts";
import type { AttributeValues } from "./decoded-values.ts";
import type { AttributeError, Encoding } from "./message.ts";
import { decodeReach, decodeUnreach } from "./multiprotocol.ts";

/** How one attribute is read, and what follows if it is malformed (RFC 7606 §7). */
export interface AttributeRule {
  readonly code: number;
  readonly name: string;
  /** The Optional and Transitive bits that it must have (RFC 7606 §3 c). */
  readonly flags: number;
  /** What a malformed value leads to. */
  readonly approach: AttributeError["approach"];
  /** Why such a peer's attribute is discarded unread; undefined if it is not. */
  readonly unwanted?: (encoding: Encoding) => string | undefined;
  /** Puts what the attribute says into `values`. @returns what is malformed, in words @throws {WireError} */
  readonly read: (field: AttributeField, values: AttributeValues, encoding: Encoding) => string | undefined;
}

const { optional, transitive } = attributeFlags;

/** One entry an attribute, and so longer than other files. */
const rules: readonly AttributeRule[] = [
  { code: codes.origin, name: "ORIGIN", flags: transitive, approach: "treatAsWithdraw", read: readOrigin },
  { code: codes.asPath, name: "AS_PATH", flags: transitive, approach: "treatAsWithdraw", read: readAsPath },
  {
    code: codes.nextHop,
    name: "NEXT_HOP",
    flags: transitive,
    approach: "treatAsWithdraw",
    read: ({ start, end }, into) => {
      into.nextHop = { start, end };
      return undefined;
    },
  },
  {
    code: codes.med,
    name: "MULTI_EXIT_DISC",
    flags: optional,
    approach: "treatAsWithdraw",
    read: (field, into) => {
      into.med = u32At(field.octets, field.start);
      return wrongLength(field, 4);
    },
  },
  {
    code: codes.localPref,
    name: "LOCAL_PREF",
    flags: transitive,
    approach: "treatAsWithdraw",
    unwanted: fromOutside("not between ASes (RFC 7606 §7.5)"),
    read: (field, into) => {
      into.localPref = u32At(field.octets, field.start);
      return wrongLength(field, 4);
    },
  },
  {
    code: codes.atomicAggregate,
    name: "ATOMIC_AGGREGATE",
    flags: transitive,
    approach: "attributeDiscard",
    read: (field, into) => {
      const wrong = wrongLength(field, 0);
      into.atomicAggregate = wrong === undefined;
      return wrong;
    },
  },
  {
    code: codes.aggregator,
    name: "AGGREGATOR",
    flags: optional | transitive,
    approach: "attributeDiscard",
    read: (field, into, encoding) => {
      const aggregator = decodeAggregator(field, asnWidth(encoding));
      if (typeof aggregator === "string") return aggregator;
      into.aggregator = aggregator;
      return undefined;
    },
  },
  {
    code: codes.communities,
    name: "COMMUNITIES",
    flags: optional | transitive,
    approach: "treatAsWithdraw",
    read: (field, into) => {
      into.communities = decodeNumbers(field);
      return wrongUnits(field, 4);
    },
  },
  {
    code: codes.originatorId,
    name: "ORIGINATOR_ID",
    flags: optional,
    approach: "treatAsWithdraw",
    unwanted: fromOutside("not between ASes (RFC 7606 §7.9)"),
    read: (field, into) => {
      into.originatorId = decodeRouterIds(field)[0];
      return wrongLength(field, 4);
    },
  },
  {
    code: codes.clusterList,
    name: "CLUSTER_LIST",
    flags: optional,
    approach: "treatAsWithdraw",
    unwanted: fromOutside("not between ASes (RFC 7606 §7.10)"),
    read: (field, into) => {
      into.clusterList = decodeRouterIds(field);
      return wrongUnits(field, 4);
    },
  },
  {
    code: codes.mpReach,
    name: "MP_REACH_NLRI",
    flags: optional,
    approach: "treatAsWithdraw",
    read: (field, into, encoding) => {
      into.reach = decodeReach(field, encoding);
      return undefined;
    },
  },
  {
    code: codes.mpUnreach,
    name: "MP_UNREACH_NLRI",
    flags: optional,
    approach: "treatAsWithdraw",
    read: (field, into, encoding) => {
      into.unreach = decodeUnreach(field, encoding);
      return undefined;
    },
  },
  {
    code: codes.extendedCommunities,
    name: "EXTENDED COMMUNITIES",
    flags: optional | transitive,
    approach: "treatAsWithdraw",
    read: (field, into) => {
      into.extendedCommunities = decodeExtendedCommunities(field);
      return wrongUnits(field, 8);
    },
  },
  {
    code: codes.as4Path,
    name: "AS4_PATH",
    flags: optional | transitive,
    approach: "attributeDiscard",
    unwanted: fromFourOctetPeer,
    read: (field, into) => {
      const path = decodeAsPath(field, 4);
      if (typeof path === "string") return path;
      into.as4Path = path;
      return undefined;
    },
  },
  {
    code: codes.as4Aggregator,
    name: "AS4_AGGREGATOR",
    flags: optional | transitive,
    approach: "attributeDiscard",
    unwanted: fromFourOctetPeer,
    read: (field, into) => {
      const aggregator = decodeAggregator(field, 4);
      if (typeof aggregator === "string") return aggregator;
      into.as4Aggregator = aggregator;
      return undefined;
    },
  },
  {
    code: codes.ipv6ExtendedCommunities,
    name: "IPv6 EXTENDED COMMUNITIES",
    flags: optional | transitive,
    approach: "treatAsWithdraw",
    // Not acted on, but its length is known well enough not to spread what is broken.
    read: (field, into) => {
      into.unknown ??= [];
      into.unknown.push(rawAttribute(field));
      return wrongUnits(field, 20);
    },
  },
  {
    code: codes.largeCommunities,
    name: "LARGE_COMMUNITY",
    flags: optional | transitive,
    approach: "treatAsWithdraw",
    read: (field, into) => {
      into.largeCommunities = decodeLargeCommunities(field);
      return wrongUnits(field, 12);
    },
  },
  {
    code: codes.onlyToCustomer,
    name: "ONLY_TO_CUSTOMER",
    flags: optional | transitive,
    approach: "treatAsWithdraw",
    read: (field, into) => {
      into.onlyToCustomer = u32At(field.octets, field.start);
      return wrongLength(field, 4);
    },
  },
];

/** The rules by attribute code. */
export const attributeRules: readonly (AttributeRule | undefined)[] = Array.from({ length: 256 }, (_, code) =>
  rules.find((rule) => rule.code === code),
);

/** Octets of an ASN in AS_PATH and AGGREGATOR. */
export function asnWidth({ fourOctetAsn }: Encoding): AsnWidth {
  return fourOctetAsn ? 4 : 2;
}

function fromOutside(reason: string): (encoding: Encoding) => string | undefined {
  return ({ external }) => (external ? reason : undefined);
}

function fromFourOctetPeer({ fourOctetAsn }: Encoding): string | undefined {
  return fourOctetAsn ? "not from a peer with four-octet AS numbers (RFC 6793 §4.1)" : undefined;
}

/** RFC 7606 §7.1. */
function readOrigin(field: AttributeField, into: AttributeValues): string | undefined {
  const number = field.octets[field.start] ?? 0;
  into.origin = origins[number];
  return wrongLength(field, 1) ?? (into.origin === undefined ? `value ${number}` : undefined);
}

/** The AS path of a peer in another AS has no confederation segments (RFC 5065 §5). */
function readAsPath(field: AttributeField, into: AttributeValues, encoding: Encoding): string | undefined {
  const path = decodeAsPath(field, asnWidth(encoding));
  if (typeof path === "string") return path;
  into.asPath = path;
  return encoding.external && path.some(isConfederation)
    ? "confederation segment from another AS"
    : undefined;
}
