import type { LinkEndPlan, Plan } from "./plan.ts";

interface Found {
  /** By name of a namespace or a container, what interfaces are in it. */
  readonly interfaces: ReadonlyMap<string, readonly string[]>;
  /** Which of these names are containers. */
  readonly containers: ReadonlySet<string>;
}

/** What of a plan's network is really there: somebody may have taken a namespace, a container or a link away. */
export function presentPart(plan: Plan, { interfaces, containers }: Found): Plan {
  const isPlaced = ({ netns, container }: Pick<Plan["hosts"][number], "netns" | "container">) =>
    interfaces.has(netns) && containers.has(netns) === (container !== undefined);
  const nodes = plan.nodes.filter(isPlaced);
  const hosts = plan.hosts.filter(isPlaced);
  const members = new Map(
    [...nodes, ...hosts].map(({ name, netns }) => [name, new Set(interfaces.get(netns))]),
  );
  const isThere = ({ router, ifname }: LinkEndPlan) => members.get(router)?.has(ifname) === true;
  return {
    ...plan,
    nodes,
    hosts,
    links: plan.links.filter(({ ends }) => ends.every(isThere)),
    segments: plan.segments
      .filter((segment) => isPlaced(segment) && interfaces.get(segment.netns)?.includes(segment.bridge))
      .map((segment) => ({ ...segment, ends: segment.ends.filter(isThere) })),
  };
}
