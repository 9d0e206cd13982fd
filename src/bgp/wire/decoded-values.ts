import type { RouterId } from "../../net/address.ts";
import type { Aggregator } from "./attribute-values.ts";
import type { AsPathSegment, LargeCommunity, Nlri, Origin, RawAttribute } from "./message.ts";
import type { Reach } from "./multiprotocol.ts";

/** What the attributes of one UPDATE say one by one, as far as they are read. */
export interface AttributeValues {
  origin: Origin | undefined;
  asPath: readonly AsPathSegment[] | undefined;
  /** Where NEXT_HOP is in the message; it means nothing without classic NLRI (RFC 4760 §3). */
  nextHop: { readonly start: number; readonly end: number } | undefined;
  med: number | undefined;
  localPref: number | undefined;
  atomicAggregate: boolean;
  aggregator: Aggregator | undefined;
  communities: readonly number[] | undefined;
  originatorId: RouterId | undefined;
  clusterList: readonly RouterId[] | undefined;
  extendedCommunities: readonly string[] | undefined;
  largeCommunities: readonly LargeCommunity[] | undefined;
  onlyToCustomer: number | undefined;
  partial: number[] | undefined;
  unknown: RawAttribute[] | undefined;
  reach: Reach | undefined;
  unreach: Nlri | undefined;
  as4Path: readonly AsPathSegment[] | undefined;
  as4Aggregator: Aggregator | undefined;
}

/** Before anything is read. Every field is there, so that all are of one shape to the engine. */
export function noValues(): AttributeValues {
  return {
    origin: undefined,
    asPath: undefined,
    nextHop: undefined,
    med: undefined,
    localPref: undefined,
    atomicAggregate: false,
    aggregator: undefined,
    communities: undefined,
    originatorId: undefined,
    clusterList: undefined,
    extendedCommunities: undefined,
    largeCommunities: undefined,
    onlyToCustomer: undefined,
    partial: undefined,
    unknown: undefined,
    reach: undefined,
    unreach: undefined,
    as4Path: undefined,
    as4Aggregator: undefined,
  };
}
