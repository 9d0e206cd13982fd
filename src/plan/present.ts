import type { LinkEndPlan, Plan } from "./plan.ts";

/** By name of a namespace, what interfaces are in it. */
type Found = ReadonlyMap<string, readonly string[]>;

/** What of a plan's network is really there: somebody may have taken a namespace or a link away. */
export function presentPart(plan: Plan, found: Found): Plan {
  const members = new Map(
    [...plan.nodes, ...plan.hosts].map(({ name, netns }) => [name, new Set(found.get(netns))]),
  );
  const isThere = ({ router, ifname }: LinkEndPlan) => members.get(router)?.has(ifname) === true;
  return {
    ...plan,
    nodes: plan.nodes.filter(({ netns }) => found.has(netns)),
    hosts: plan.hosts.filter(({ netns }) => found.has(netns)),
    links: plan.links.filter(({ ends }) => ends.every(isThere)),
    segments: plan.segments
      .filter(({ netns, bridge }) => found.get(netns)?.includes(bridge))
      .map((segment) => ({ ...segment, ends: segment.ends.filter(isThere) })),
  };
}
