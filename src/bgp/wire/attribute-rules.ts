import { type AsnWidth, decodeAsPath } from "./as-path.ts";
import { attributeFlags, attributeCodes as codes } from "./attribute.ts";
import * as values from "./attribute-values.ts";
import type { AsPathSegment, AttributeError, Encoding, PathAttributes, RawAttribute } from "./message.ts";
import { decodeReach, decodeUnreach, type Reach, type Unreach } from "./multiprotocol.ts";

/** What the attributes of one UPDATE say one by one, before they are looked at together. */
export interface AttributeValues extends Partial<PathAttributes> {
  /** The octets of NEXT_HOP; they mean nothing without classic NLRI (RFC 4760 §3). */
  readonly nextHop?: Uint8Array;
  readonly reach?: Reach | undefined;
  readonly unreach?: Unreach | undefined;
  readonly as4Path?: readonly AsPathSegment[];
  readonly as4Aggregator?: values.Aggregator;
}

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
  /** @returns undefined if the attribute is only checked and passed on @throws {MalformedAttribute | TruncatedError | WireError} */
  readonly read: (attribute: RawAttribute, encoding: Encoding) => AttributeValues | undefined;
}

const { optional, transitive } = attributeFlags;

const rules: readonly AttributeRule[] = [
  {
    code: codes.origin,
    name: "ORIGIN",
    flags: transitive,
    approach: "treatAsWithdraw",
    read: ({ value }) => ({ origin: values.decodeOrigin(value) }),
  },
  { code: codes.asPath, name: "AS_PATH", flags: transitive, approach: "treatAsWithdraw", read: readAsPath },
  {
    code: codes.nextHop,
    name: "NEXT_HOP",
    flags: transitive,
    approach: "treatAsWithdraw",
    read: ({ value }) => ({ nextHop: value }),
  },
  {
    code: codes.med,
    name: "MULTI_EXIT_DISC",
    flags: optional,
    approach: "treatAsWithdraw",
    read: ({ value }) => ({ med: values.decodeUint32(value) }),
  },
  {
    code: codes.localPref,
    name: "LOCAL_PREF",
    flags: transitive,
    approach: "treatAsWithdraw",
    unwanted: ({ external }) => (external ? "not between ASes (RFC 7606 §7.5)" : undefined),
    read: ({ value }) => ({ localPref: values.decodeUint32(value) }),
  },
  {
    code: codes.atomicAggregate,
    name: "ATOMIC_AGGREGATE",
    flags: transitive,
    approach: "attributeDiscard",
    read: readAtomicAggregate,
  },
  {
    code: codes.aggregator,
    name: "AGGREGATOR",
    flags: optional | transitive,
    approach: "attributeDiscard",
    read: ({ value }, encoding) => ({ aggregator: values.decodeAggregator(value, asnWidth(encoding)) }),
  },
  {
    code: codes.communities,
    name: "COMMUNITIES",
    flags: optional | transitive,
    approach: "treatAsWithdraw",
    read: ({ value }) => ({ communities: values.decodeCommunities(value) }),
  },
  {
    code: codes.mpReach,
    name: "MP_REACH_NLRI",
    flags: optional,
    approach: "treatAsWithdraw",
    read: (attribute, { families }) => ({ reach: decodeReach(attribute, families) }),
  },
  {
    code: codes.mpUnreach,
    name: "MP_UNREACH_NLRI",
    flags: optional,
    approach: "treatAsWithdraw",
    read: (attribute, { families }) => ({ unreach: decodeUnreach(attribute, families) }),
  },
  {
    code: codes.as4Path,
    name: "AS4_PATH",
    flags: optional | transitive,
    approach: "attributeDiscard",
    unwanted: fromFourOctetPeer,
    read: ({ value }) => ({ as4Path: decodeAsPath(value, 4) }),
  },
  {
    code: codes.as4Aggregator,
    name: "AS4_AGGREGATOR",
    flags: optional | transitive,
    approach: "attributeDiscard",
    unwanted: fromFourOctetPeer,
    read: ({ value }) => ({ as4Aggregator: values.decodeAggregator(value, 4) }),
  },
  passedOn(codes.extendedCommunities, "EXTENDED COMMUNITIES", (value) => values.checkUnits(value, 8)),
  passedOn(codes.ipv6ExtendedCommunities, "IPv6 EXTENDED COMMUNITIES", (v) => values.checkUnits(v, 20)),
  passedOn(codes.largeCommunities, "LARGE_COMMUNITY", (value) => values.checkUnits(value, 12)),
  passedOn(codes.onlyToCustomer, "ONLY_TO_CUSTOMER", (value) => values.checkLength(value, 4)),
];

/** The rules by attribute code. */
export const attributeRules: ReadonlyMap<number, AttributeRule> = new Map(
  rules.map((rule) => [rule.code, rule] as const),
);

/** Octets of an ASN in AS_PATH and AGGREGATOR. */
export function asnWidth({ fourOctetAsn }: Encoding): AsnWidth {
  return fourOctetAsn ? 4 : 2;
}

/** An attribute that we do not act on, but whose length we know well enough not to spread what is broken. */
function passedOn(code: number, name: string, check: (value: Uint8Array) => void): AttributeRule {
  const read = ({ value }: RawAttribute) => void check(value);
  return { code, name, flags: optional | transitive, approach: "treatAsWithdraw", read };
}

function fromFourOctetPeer({ fourOctetAsn }: Encoding): string | undefined {
  return fourOctetAsn ? "not from a peer with four-octet AS numbers (RFC 6793 §4.1)" : undefined;
}

function readAsPath({ value }: RawAttribute, encoding: Encoding): AttributeValues {
  const decode = encoding.external ? values.decodeExternalAsPath : decodeAsPath;
  return { asPath: decode(value, asnWidth(encoding)) };
}

function readAtomicAggregate({ value }: RawAttribute): AttributeValues {
  values.checkLength(value, 0);
  return { atomicAggregate: true };
}
