import type { FeederEnd } from "./lab.ts";
import { asPath, attribute, origin, reach, u32, update } from "./octets.ts";

/** An UPDATE that is wrong in one way, about a prefix of its own. */
interface BadUpdate {
  readonly name: string;
  readonly prefix: string;
  octets(from: FeederEnd): number[];
}

const prefixOf = (number: number) => `203.0.113.${number}/32`;

/** A correct route, told last. */
export const marker = prefixOf(255);

/** With these beside ORIGIN, AS_PATH and MP_REACH_NLRI, or instead of the first two. */
type Attributes = (asn: number) => { readonly first?: number[][]; readonly more?: number[][] };

const segment = (asn: number, count: number) => [2, count, ...u32(asn)];

/** RFC 7606 §7: treat-as-withdraw, so that the prefix goes. */
const withdrawn: Record<string, Attributes> = {
  "ORIGIN 3": (asn) => ({ first: [attribute(0x40, 1, 3), asPath(asn)] }),
  "ORIGIN of two octets": (asn) => ({ first: [attribute(0x40, 1, 0, 0), asPath(asn)] }),
  "no AS_PATH": () => ({ first: [origin] }),
  "AS_PATH whose segment overruns": (asn) => ({ first: [origin, attribute(0x40, 2, ...segment(asn, 2))] }),
  "AS_PATH with an empty segment": (asn) => ({
    first: [origin, attribute(0x40, 2, ...segment(asn, 1), 2, 0)],
  }),
  "MULTI_EXIT_DISC of three octets": () => ({ more: [attribute(0x80, 4, 0, 0, 1)] }),
  "COMMUNITIES of six octets": () => ({ more: [attribute(0xc0, 8, 0, 1, 0, 1, 0, 1)] }),
  "EXTENDED COMMUNITIES of seven octets": () => ({ more: [attribute(0xc0, 16, 0, 2, 0, 1, 0, 1, 0)] }),
  "LARGE_COMMUNITY of ten octets": () => ({ more: [attribute(0xc0, 32, ...u32(1), ...u32(2), 0, 3)] }),
  "flags of a well-known attribute on COMMUNITIES": () => ({ more: [attribute(0x40, 8, ...u32(1))] }),
};

/** RFC 7606 §7: attribute discard, or nothing wrong at all, so that the prefix stays. */
const kept: Record<string, Attributes> = {
  "ATOMIC_AGGREGATE of one octet": () => ({ more: [attribute(0x40, 6, 0)] }),
  "AGGREGATOR of seven octets": () => ({ more: [attribute(0xc0, 7, ...u32(1), 10, 0, 0)] }),
  "LOCAL_PREF of an external peer, of one octet": () => ({ more: [attribute(0x40, 5, 1)] }),
  "ORIGINATOR_ID of an external peer": () => ({ more: [attribute(0x80, 9, 10, 0, 0, 9)] }),
  "COMMUNITIES twice": () => ({ more: [attribute(0xc0, 8, ...u32(1)), attribute(0xc0, 8, 1)] }),
  "an unknown transitive attribute": () => ({ more: [attribute(0xc0, 213, 1, 2, 3)] }),
};

export const badRoutes = Object.entries(withdrawn).map(([name, attributes], index) =>
  bad(name, index + 1, attributes),
);

export const goodRoutes = Object.entries(kept).map(([name, attributes], index) =>
  bad(name, index + 101, attributes),
);

function bad(name: string, number: number, attributes: Attributes): BadUpdate {
  const prefix = prefixOf(number);
  return {
    name,
    prefix,
    octets: ({ asn, end }) => {
      const { first = [origin, asPath(asn)], more = [] } = attributes(asn);
      return update(...first, ...more, reach(prefix, end.address));
    },
  };
}
