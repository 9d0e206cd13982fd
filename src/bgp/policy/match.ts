import { addressOctets } from "../../net/address.ts";
import type { NextHop, PathAttributes } from "../wire/message.ts";
import { compileAsPathPattern } from "./as-path-pattern.ts";
import type { Candidate } from "./evaluate.ts";
import type { Match, NumberRange } from "./policy.ts";
import { compileNextHops, compilePrefixRanges } from "./prefix-ranges.ts";

/** Whether a route matches; its next hop and the attributes, those beside it, are as the rules before left them. */
export type Test = (route: Candidate, attributes: PathAttributes) => boolean;

/** LOCAL_PREF of a route that has none. */
const defaultLocalPref = 100;

/** One test for each thing that must hold, the quickest first. */
export function compileMatch(match: Match): readonly Test[] {
  return [
    given(match.origin, (origin) => (_, attributes) => attributes.origin === origin),
    given(
      match.med,
      (range) =>
        (_, { med = 0 }) =>
          isIn(range, med),
    ),
    given(
      match.localPref,
      (range) =>
        (_, { localPref = defaultLocalPref }) =>
          isIn(range, localPref),
    ),
    given(match.peers, (peers) => {
      const known = new Set<string | number>(peers);
      return ({ from }) => from !== undefined && (known.has(from.ifname) || known.has(from.asn));
    }),
    given(match.prefixes, (ranges) => {
      const matches = compilePrefixRanges(ranges);
      return ({ network, length }) => matches(network, length);
    }),
    given(match.communities, (list) => {
      const known = new Set(list);
      return (_, { communities }) => communities?.some((one) => known.has(one)) === true;
    }),
    given(match.extendedCommunities, (list) => {
      const known = new Set(list);
      return (_, { extendedCommunities }) => extendedCommunities?.some((one) => known.has(one)) === true;
    }),
    given(match.largeCommunities, (list) => {
      const known = new Set(list.map((one) => one.join(":")));
      return (_, { largeCommunities }) => largeCommunities?.some((one) => known.has(one.join(":"))) === true;
    }),
    given(match.nextHops, (prefixes) => {
      const holds = compileNextHops(prefixes);
      return ({ nextHop }) => nextHop !== undefined && octetsOf(nextHop).some(holds);
    }),
    given(match.asPath, (pattern) => {
      const matches = compileAsPathPattern(pattern);
      return (_, { asPath }) => matches(asPath);
    }),
  ].filter((test) => test !== undefined);
}

function given<Value>(value: Value | undefined, compile: (value: Value) => Test): Test | undefined {
  return value === undefined ? undefined : compile(value);
}

const isIn = ({ min, max }: NumberRange, value: number) => min <= value && value <= max;

/** Next hops are few and come again and again. */
const known = new WeakMap<NextHop, readonly Uint8Array[]>();

function octetsOf(nextHop: NextHop): readonly Uint8Array[] {
  const found = known.get(nextHop);
  if (found) return found;
  const addresses = [nextHop.global, nextHop.linkLocal].filter((address) => address !== undefined);
  const octets = addresses.map(addressOctets);
  known.set(nextHop, octets);
  return octets;
}
