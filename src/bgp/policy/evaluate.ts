import type { Asn } from "../../net/asn.ts";
import type { NextHop, PathAttributes } from "../wire/message.ts";
import { applyChanges } from "./apply.ts";
import { compileMatch, type Test } from "./match.ts";
import { nextHopBy } from "./next-hop.ts";
import type { Changes, Policy, Rule } from "./policy.ts";

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
  /**
   * The very same attributes object if nothing changed. `nextHop` is the one that was set; undefined if none was. `setsMed` is
   * whether a rule said what the MED is. `by` is the rule, such as `"customers rule 2"`.
   */
  | {
      readonly type: "accepted";
      readonly attributes: PathAttributes;
      readonly nextHop: NextHop | undefined;
      readonly setsMed: boolean;
      readonly by: string;
    }
  | { readonly type: "rejected"; readonly by: string };

/** What a policy makes of a route of a router in this AS. */
export function evaluate(policy: Policy, route: Candidate, localAsn: Asn): Verdict {
  let { attributes } = route;
  let current = route;
  let set: NextHop | undefined;
  let setsMed = false;
  for (const { by, tests, changes, nextHop, action } of compiled(policy)) {
    if (!tests.every((test) => test(current, attributes))) continue;
    if (action === "reject") return { type: "rejected", by };
    attributes = applyChanges(attributes, changes, localAsn);
    setsMed ||= changes.med !== undefined;
    if (nextHop) {
      set = nextHop;
      current = { ...route, nextHop };
    }
    if (action === "accept") return { type: "accepted", attributes, nextHop: set, setsMed, by };
  }
  return { type: "rejected", by: `the end of ${policy.name}` };
}

interface CompiledRule extends Pick<Rule, "action"> {
  /** What it is called where it decides. */
  readonly by: string;
  readonly tests: readonly Test[];
  readonly changes: Changes;
  /** Always the same object, so that paths with it are soon found to be the same. */
  readonly nextHop: NextHop | undefined;
}

const known = new WeakMap<Policy, readonly CompiledRule[]>();

function compiled(policy: Policy): readonly CompiledRule[] {
  const found = known.get(policy);
  if (found) return found;
  const rules = policy.rules.map(({ match, set, action }, index) => ({
    by: `${policy.name} rule ${index + 1}`,
    tests: compileMatch(match),
    changes: set,
    nextHop: set.nextHop && nextHopBy(set.nextHop),
    action,
  }));
  known.set(policy, rules);
  return rules;
}

/** Whether the verdict on a route may depend on its prefix; if not, one verdict holds for all routes with equal attributes, next hop and peer. */
export function dependsOnPrefix({ rules }: Policy): boolean {
  return rules.some(({ match }) => match.prefixes !== undefined);
}
