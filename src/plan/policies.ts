import type { RouterConfig } from "../bgp/config/config.ts";
import type { Policy } from "../bgp/policy/policy.ts";
import type { LinkEnd, Topology } from "../topology/topology.ts";

/** The two policies of one end of a session; null for none. */
export interface EndPolicies {
  readonly import: Policy | null;
  readonly export: Policy | null;
}

/** What one end of a session does to routes. Rules that stand at a session itself are called after its interface: `eth0 import`. */
export function endPolicies({ policies }: Pick<Topology, "policies">, end: LinkEnd): EndPolicies {
  const before = known.get(end);
  if (before) return before;
  const { ifname, session } = end;
  const find = (said: typeof session.importPolicy, direction: string): Policy | null => {
    if (said === null) return null;
    if (typeof said !== "string") return { name: `${ifname} ${direction}`, rules: said };
    const found = policies.get(said);
    if (!found) throw new RangeError(`no policy is called ${said}`);
    return found;
  };
  const both = {
    import: find(session.importPolicy, "import"),
    export: find(session.exportPolicy, "export"),
  };
  known.set(end, both);
  return both;
}

/** Policies are compiled once for each object. */
const known = new WeakMap<LinkEnd, EndPolicies>();

/** Those policies that a router has any use for, by name. */
export function policiesByName(ends: readonly EndPolicies[]): RouterConfig["policies"] {
  const used = ends.flatMap((end) => [end.import, end.export]).filter((policy) => policy !== null);
  return Object.fromEntries(used.map(({ name, rules }) => [name, rules]));
}
