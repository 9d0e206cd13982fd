import type { Asn } from "../../net/asn.ts";
import type { NextHop, PathAttributes } from "../wire/message.ts";
import { applyChanges } from "./apply.ts";
import { compileMatch, type Test } from "./match.ts";
import type { Policy, Rule } from "./policy.ts";

/** A route, as a policy sees it. */
export interface Candidate {
  /** 4 or 16 octets, host bits clear. A view. */
  readonly network: Uint8Array;
  /** Bits of `network` that count. */
  readonly length: number;
  readonly attributes: PathAttributes;
  readonly nextHop: NextHop | undefined;
  /** Who told us; undefined for what is originated here. */
  readonly from: { readonly ifname: string; readonly asn: Asn } | undefined;
}

export type Verdict =
  /** The very same attributes object if nothing changed. `by` is the rule, such as `"customers rule 2"`. */
  | { readonly type: "accepted"; readonly attributes: PathAttributes; readonly by: string }
  | { readonly type: "rejected"; readonly by: string };

/** What a policy makes of a route of a router in this AS. */
export function evaluate(policy: Policy, route: Candidate, localAsn: Asn): Verdict {
  let { attributes } = route;
  for (const { by, tests, set, action } of compiled(policy)) {
    if (!tests.every((test) => test(route, attributes))) continue;
    if (action === "reject") return { type: "rejected", by };
    attributes = applyChanges(attributes, set, localAsn);
    if (action === "accept") return { type: "accepted", attributes, by };
  }
  return { type: "rejected", by: `the end of ${policy.name}` };
}

interface CompiledRule extends Pick<Rule, "set" | "action"> {
  /** What it is called where it decides. */
  readonly by: string;
  readonly tests: readonly Test[];
}

const known = new WeakMap<Policy, readonly CompiledRule[]>();

function compiled(policy: Policy): readonly CompiledRule[] {
  const found = known.get(policy);
  if (found) return found;
  const rules = policy.rules.map(({ match, set, action }, index) => ({
    by: `${policy.name} rule ${index + 1}`,
    tests: compileMatch(match),
    set,
    action,
  }));
  known.set(policy, rules);
  return rules;
}

/** Whether the verdict on a route may depend on its prefix; if not, one verdict holds for all routes with equal attributes, next hop and peer. */
export function dependsOnPrefix({ rules }: Policy): boolean {
  return rules.some(({ match }) => match.prefixes !== undefined);
}
