import { firstHost, type Prefix, prefixParts } from "../net/prefix.ts";
import { loopbackAddresses, wholePrefix } from "./loopback.ts";
import type { NodePlan, Plan } from "./plan.ts";

/** What somebody has a router announce, or no longer announce. */
interface Origination {
  readonly type: "announce" | "withdraw";
  /** The router as it is now. */
  readonly node: NodePlan;
  readonly prefixes: readonly Prefix[];
}

/**
 * A router of a plan with other prefixes, and the plan with it, which expects nothing of these any more: without the topology
 * it cannot say where they should be.
 */
export function originateInstead(
  plan: Plan,
  { type, node: former, prefixes }: Origination,
): { node: NodePlan; plan: Plan } {
  const own = former.router.originate;
  const originate =
    type === "announce"
      ? [...new Set([...own, ...prefixes])]
      : own.filter((each) => !prefixes.includes(each));
  const onLink = isOnLink(plan, former.name);
  const loopback = loopbackAddresses(originate.filter((prefix) => !onLink(prefix)));
  const node = { ...former, loopback, router: { ...former.router, originate } };
  return {
    node,
    plan: withNode({ ...plan, expectation: withoutPrefixes(plan.expectation, prefixes) }, node),
  };
}

/** The plan with a router in place of the one of its name. */
export function withNode(plan: Plan, node: NodePlan): Plan {
  return { ...plan, nodes: plan.nodes.map((each) => (each.name === node.name ? node : each)) };
}

/** Whether a router has an address of a prefix on a link to a host, and so needs none on `lo`. */
function isOnLink({ links }: Plan, router: string): (prefix: Prefix) => boolean {
  const ends = links.flatMap((link) => link.ends).filter((end) => end.router === router);
  const onLinks = ends.flatMap(({ addresses = [] }) => addresses);
  return (prefix) => {
    const [host, { length }] = [firstHost(prefix), prefixParts(prefix)];
    return onLinks.some((own) => own.address === host && own.length === length);
  };
}

function withoutPrefixes(expectation: Plan["expectation"], prefixes: readonly Prefix[]): Plan["expectation"] {
  // Redistribution of connected routes brings the addresses, too.
  const open = new Set([...prefixes, ...prefixes.map(firstHost).map(wholePrefix)]);
  return {
    ...expectation,
    routes: expectation.routes.filter(({ prefix }) => !open.has(prefix)),
    openPrefixes: [...new Set([...(expectation.openPrefixes ?? []), ...open])],
  };
}
