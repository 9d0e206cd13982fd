import { type Endpoint, formatEndpoint } from "../../src/net/endpoint.ts";
import type { NetworkChange } from "../../src/plan/difference.ts";
import { endsOf } from "../../src/plan/links.ts";
import type { LinkEndPlan, Plan, SegmentPlan } from "../../src/plan/plan.ts";

/** What a machine makes of steps on a plan's network. @throws if it could not, as where something is there already */
export function applyChanges(plan: Plan, changes: readonly NetworkChange[]): Plan {
  return changes.reduce(applyChange, plan);
}

function applyChange(plan: Plan, change: NetworkChange): Plan {
  switch (change.type) {
    case "unlink":
      return without(plan, (end) => change.ends.some((other) => isSame(end, other)));
    case "removeBridge":
      return { ...plan, segments: plan.segments.filter(({ bridge }) => bridge !== change.bridge) };
    case "removeRouter":
    case "removeHost": {
      const { nodes, hosts, ...rest } = without(plan, ({ router }) => router === change.name);
      const stays = ({ name }: { name: string }) => name !== change.name;
      return { ...rest, nodes: nodes.filter(stays), hosts: hosts.filter(stays) };
    }
    case "addRouter":
      refuseMember(plan, change.node.name);
      return { ...plan, nodes: [...plan.nodes, change.node] };
    case "addHost":
      refuseMember(plan, change.host.name);
      return { ...plan, hosts: [...plan.hosts, change.host] };
    case "link":
      refuseEnds(plan, change.link.ends);
      return { ...plan, links: [...plan.links, change.link] };
    case "plug":
      refuseEnds(plan, change.segment.ends);
      return { ...plan, segments: plug(plan.segments, change.segment) };
    case "setLink":
      return {
        ...plan,
        links: plan.links.map((link) => set(link, change)),
        segments: plan.segments.map((segment) => set(segment, change)),
      };
    case "setLoopback": {
      const { name, addresses: loopback } = change;
      return {
        ...plan,
        nodes: plan.nodes.map((node) => (node.name === name ? { ...node, loopback } : node)),
      };
    }
    default:
      return change satisfies never;
  }
}

function plug(segments: readonly SegmentPlan[], more: SegmentPlan): SegmentPlan[] {
  const found = segments.find(({ bridge }) => bridge === more.bridge);
  if (!found) return [...segments, more];
  return segments.map((segment) =>
    segment === found ? { ...segment, ends: [...segment.ends, ...more.ends] } : segment,
  );
}

function set<Wire extends Plan["links"][number] | SegmentPlan>(
  wire: Wire,
  { ends, bridge, mtu = wire.mtu, conditions }: Extract<NetworkChange, { type: "setLink" }>,
): Wire {
  const isIt =
    "bridge" in wire
      ? bridge?.bridge === wire.bridge
      : wire.ends.some((end) => ends.some((other) => isSame(end, other)));
  if (!isIt) return wire;
  const { conditions: former, ...rest } = wire;
  const now = conditions === undefined ? former : conditions;
  return { ...rest, mtu, ...(now && { conditions: now }) } as Wire;
}

function without(plan: Plan, goes: (end: Endpoint) => boolean): Plan {
  return {
    ...plan,
    links: plan.links.filter(({ ends }) => !ends.some(goes)),
    segments: plan.segments.map((segment) => ({
      ...segment,
      ends: segment.ends.filter((end) => !goes(end)),
    })),
  };
}

function refuseMember({ nodes, hosts }: Plan, name: string): void {
  if ([...nodes, ...hosts].some((member) => member.name === name))
    throw new Error(`${name} is there already`);
}

function refuseEnds(plan: Plan, ends: readonly LinkEndPlan[]): void {
  const members = new Set([...plan.nodes, ...plan.hosts].map(({ name }) => name));
  for (const end of ends) {
    if (!members.has(end.router)) throw new Error(`${end.router} is not there`);
    const taken = endsOf(plan).find((other) => isSame(end, other) || isRival(end, other));
    if (taken) throw new Error(`${formatEndpoint(end)} meets ${formatEndpoint(taken)}`);
  }
}

const isSame = (a: Endpoint, b: Endpoint) => a.router === b.router && a.ifname === b.ifname;

/** Two interfaces of a namespace cannot have one number. */
const isRival = (a: LinkEndPlan, b: LinkEndPlan) =>
  a.router === b.router && a.ifindex !== undefined && a.ifindex === b.ifindex;
