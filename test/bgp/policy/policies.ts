import type { Candidate } from "../../../src/bgp/policy/evaluate.ts";
import type { Changes, Match, Policy, Rule } from "../../../src/bgp/policy/policy.ts";
import type { PathAttributes } from "../../../src/bgp/wire/message.ts";
import type { Address } from "../../../src/net/address.ts";
import { asn } from "../../../src/net/asn.ts";
import { prefix, prefixParts } from "../../../src/net/prefix.ts";

/** A rule that says nothing but what is given. */
export function rule(match: Match, set: Changes = {}, action: Rule["action"] = "accept"): Rule {
  return { match, set, action };
}

export function policy(...rules: Rule[]): Policy {
  return { name: "customers", rules };
}

/** 10.0.1.0/24 from AS 64513 on eth0, unless said otherwise. */
export function route(
  attributes: Partial<PathAttributes> = {},
  { to = "10.0.1.0/24", ...place }: { to?: string } & Partial<Candidate> = {},
): Candidate {
  const { octets, length } = prefixParts(prefix(to));
  return {
    network: octets,
    length,
    attributes: { origin: "igp", asPath: [{ type: "sequence", asns: [64513] }], ...attributes },
    nextHop: { linkLocal: "fe80::2" as Address },
    from: { ifname: "eth0", asn: asn(64513) },
    ...place,
  };
}
