import type { Address } from "../../net/address.ts";
import type { Asn } from "../../net/asn.ts";
import type { Prefix } from "../../net/prefix.ts";
import type { LargeCommunity, Origin } from "../wire/message.ts";

/**
 * What is done to routes on their way in or out: rules in order, until one accepts or rejects. What no rule decides on is
 * rejected, as by a route map of FRR's. Plain data.
 */
export interface Policy {
  readonly name: string;
  readonly rules: readonly Rule[];
}

/** Changes and a decision for the routes that match. */
export interface Rule {
  /** All of these must hold; a list holds if one of its items does. Everything matches what says nothing. */
  readonly match: Match;
  readonly set: Changes;
  /** `next` goes on with the rule behind this one. */
  readonly action: "accept" | "reject" | "next";
}

export interface Match {
  readonly prefixes?: readonly PrefixRange[];
  /** A regular expression over the AS path as text, ASNs apart by one space; `_` is where an ASN begins or ends, as in FRR. */
  readonly asPath?: string;
  readonly communities?: readonly number[];
  /** 16 hexadecimal digits each. */
  readonly extendedCommunities?: readonly string[];
  readonly largeCommunities?: readonly LargeCommunity[];
  /** Prefixes that hold the next hop. */
  readonly nextHops?: readonly Prefix[];
  /** Interfaces or ASNs of the peer that told us. */
  readonly peers?: readonly (string | Asn)[];
  readonly origin?: Origin;
  readonly med?: NumberRange;
  readonly localPref?: NumberRange;
}

/** A prefix, and how long the prefixes in it may be. */
export interface PrefixRange {
  readonly prefix: Prefix;
  readonly ge: number;
  readonly le: number;
}

export interface NumberRange {
  readonly min: number;
  readonly max: number;
}

export interface Changes {
  readonly origin?: Origin;
  /** null takes it away. */
  readonly med?: number | null;
  readonly localPref?: number | null;
  /** Our own ASN, so many times more at the front of the AS path. */
  readonly prepend?: number;
  /** IPv6, whatever the family of the prefix is: link-local, or global. */
  readonly nextHop?: Address;
  readonly communities?: ListChange<number>;
  readonly extendedCommunities?: ListChange<string>;
  readonly largeCommunities?: ListChange<LargeCommunity>;
}

/** `set` replaces all, then `delete` takes some away, then `add` adds those that are not there. */
export interface ListChange<Item> {
  readonly set?: readonly Item[];
  readonly delete?: readonly Item[];
  readonly add?: readonly Item[];
}
