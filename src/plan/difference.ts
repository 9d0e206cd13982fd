import type { Address } from "../net/address.ts";
import { type Endpoint, formatEndpoint } from "../net/endpoint.ts";
import type { Conditions } from "../topology/topology.ts";
import type { HostPlan, LinkEndPlan, LinkPlan, NodePlan, Plan, SegmentPlan } from "./plan.ts";

/** One step of a lab's network from a plan to another. Plain data. */
export type NetworkChange =
  /** Both ends of a link, or one of a shared one with that bridge, and where it is plugged in there, if that is known. */
  | {
      readonly type: "unlink";
      readonly ends: readonly Endpoint[];
      readonly bridge?: string;
      readonly port?: string;
    }
  | { readonly type: "removeBridge"; readonly netns: string; readonly bridge: string }
  /** A router or a host, with all that is in its namespace. */
  | { readonly type: "removeRouter" | "removeHost"; readonly name: string; readonly netns: string }
  | { readonly type: "addRouter"; readonly node: NodePlan }
  | { readonly type: "addHost"; readonly host: HostPlan }
  | { readonly type: "link"; readonly link: LinkPlan }
  /** A shared link with those of its ends that are new. */
  | { readonly type: "plug"; readonly segment: SegmentPlan; readonly isNew: boolean }
  | ({ readonly type: "setLink" } & LinkChange)
  /** A router has these addresses on `lo` from now on, and no others. */
  | { readonly type: "setLoopback"; readonly name: string; readonly addresses: readonly Address[] };

/** What steps add to a network. */
export function addedPart(
  changes: readonly NetworkChange[],
): Pick<Plan, "nodes" | "hosts" | "links" | "segments"> {
  return {
    nodes: changes.flatMap((change) => (change.type === "addRouter" ? [change.node] : [])),
    hosts: changes.flatMap((change) => (change.type === "addHost" ? [change.host] : [])),
    links: changes.flatMap((change) => (change.type === "link" ? [change.link] : [])),
    segments: changes.flatMap((change) => (change.type === "plug" ? [change.segment] : [])),
  };
}

/** What becomes of a link without its being made again. */
export interface LinkChange {
  /** Of a shared one, those that stay. */
  readonly ends: readonly LinkEndPlan[];
  readonly bridge?: Pick<SegmentPlan, "netns" | "bridge">;
  /** Not there if it stays as it is. */
  readonly mtu?: number;
  /** Null for a plain link; not there if they stay as they are. */
  readonly conditions?: Conditions | null;
}

/**
 * The steps from a lab's network as it is to that of a plan, in the order in which they are to be done.
 *
 * What cannot change in place is removed and made again: a link with other addresses or numbers, a router of another kind, a host
 * with anything else.
 *
 * @param before what is there, of which `after` has inherited its numbers
 * @param options.sure whether all that can change in place is as `before` has it; if not, it is set again
 */
export function networkDifference(
  before: Plan,
  after: Plan,
  { sure }: { readonly sure: boolean },
): readonly NetworkChange[] {
  const ends = stayingEnds(before, after);
  const stays = (end: Endpoint) => ends.has(formatEndpoint(end));
  const hosts = ofSame(before.hosts, after.hosts).filter(({ name, ifname }) =>
    stays({ router: name, ifname }),
  );
  const members = new Set([...sameNodes(before, after), ...hosts].map(({ name }) => name));
  const isNew = ({ name }: { readonly name: string }) => !members.has(name);
  const bridges = new Set(after.segments.map(({ bridge }) => bridge));
  const gone =
    (type: "removeRouter" | "removeHost") =>
    ({ name, netns }: NodePlan | HostPlan) =>
      ({ type, name, netns }) as const;
  return [
    ...before.links.filter((link) => !link.ends.every(stays)).map(({ ends }) => unlink(ends)),
    ...before.segments.flatMap(({ bridge, ends }) =>
      ends.filter((end) => !stays(end)).map((end) => ({ ...unlink([end]), bridge, port: end.port.ifname })),
    ),
    ...before.segments
      .filter(({ bridge }) => !bridges.has(bridge))
      .map(({ netns, bridge }) => ({ type: "removeBridge", netns, bridge }) as const),
    ...before.nodes.filter(isNew).map(gone("removeRouter")),
    ...before.hosts.filter(isNew).map(gone("removeHost")),
    ...after.nodes.filter(isNew).map((node) => ({ type: "addRouter", node }) as const),
    ...after.hosts.filter(isNew).map((host) => ({ type: "addHost", host }) as const),
    ...after.links.filter((link) => !link.ends.every(stays)).map((link) => ({ type: "link", link }) as const),
    ...after.segments.flatMap((segment) => {
      const fresh = segment.ends.filter((end) => !stays(end));
      const isNew = !before.segments.some(({ bridge }) => bridge === segment.bridge);
      return fresh.length === 0
        ? []
        : [{ type: "plug", segment: { ...segment, ends: fresh }, isNew } as const];
    }),
    ...linkChanges(before, after, { stays, sure }),
    ...loopbackChanges(before, after, { isNew, sure }),
  ];
}

export const unlink = (ends: readonly Endpoint[]) =>
  ({ type: "unlink", ends: ends.map(({ router, ifname }) => ({ router, ifname })) }) as const;

/** Interfaces that are not touched, `router:ifname`. */
function stayingEnds(before: Plan, after: Plan): Set<string> {
  const members = new Set(
    [...sameNodes(before, after), ...ofSame(before.hosts, after.hosts)].map(({ name }) => name),
  );
  const isHere = ({ router }: Endpoint) => members.has(router);
  const links = ofSame(before.links.map(cable), after.links.map(cable)).filter((ends) => ends.every(isHere));
  const plugs = ofSame(before.segments.flatMap(plugsOf), after.segments.flatMap(plugsOf));
  return new Set([...links.flat(), ...plugs.map(({ end }) => end).filter(isHere)].map(formatEndpoint));
}

/** The ends of a link in an order that does not depend on the file. */
const cable = ({ ends }: LinkPlan): readonly LinkEndPlan[] =>
  ends.map(asMade).sort((a, b) => (formatEndpoint(a) < formatEndpoint(b) ? -1 : 1));

const plugsOf = ({ netns, bridge, ends }: SegmentPlan) =>
  ends.map((end) => ({ netns, bridge, end: asMade(end) }));

/** Who has chosen its numbers is nothing of an interface's own. */
function asMade<End extends LinkEndPlan>({ given: _, ...end }: End): Omit<End, "given"> {
  return end;
}

/** Namespaces and containers of routers outlive all that is said of the router, but for who runs it, and where. */
function sameNodes(before: Plan, after: Plan): NodePlan[] {
  const former = new Map(before.nodes.map((node) => [node.name, node]));
  return after.nodes.filter(({ name, kind, netns, container }) => {
    const node = former.get(name);
    return node?.kind === kind && node.netns === netns && isSame(node.container, container);
  });
}

/** Those of the second list that are in the first, too. */
function ofSame<T>(before: readonly T[], after: readonly T[]): T[] {
  const known = new Set(before.map((item) => JSON.stringify(item)));
  return after.filter((item) => known.has(JSON.stringify(item)));
}

function linkChanges(
  before: Plan,
  after: Plan,
  { stays, sure }: { stays: (end: Endpoint) => boolean; sure: boolean },
): NetworkChange[] {
  const former = new Map(wiresOf(before).flatMap((wire) => keysOf(wire).map((key) => [key, wire] as const)));
  return wiresOf(after).flatMap((wire): NetworkChange[] => {
    const ends = wire.ends.filter(stays);
    const [key = ""] = keysOf({ ...wire, ends });
    const old = former.get(key);
    if (!old) return [];
    const { mtu, conditions } = wire;
    const bridge = "bridge" in wire ? { netns: wire.netns, bridge: wire.bridge } : undefined;
    const changed = {
      ...((!sure || old.mtu !== mtu) && { mtu }),
      ...((!sure || !isSame(old.conditions, conditions)) && { conditions: conditions ?? null }),
    };
    if (Object.keys(changed).length === 0) return [];
    return [{ type: "setLink", ends, ...(bridge && { bridge }), ...changed }];
  });
}

function loopbackChanges(
  before: Plan,
  after: Plan,
  { isNew, sure }: { isNew: (node: NodePlan) => boolean; sure: boolean },
): NetworkChange[] {
  const former = new Map(before.nodes.map(({ name, loopback }) => [name, loopback.toSorted()]));
  return after.nodes
    .filter((node) => !isNew(node))
    .filter(({ name, loopback }) => !sure || !isSame(former.get(name), loopback.toSorted()))
    .map(({ name, loopback }) => ({ type: "setLoopback", name, addresses: loopback }));
}

/** What makes a link the same one: its bridge, or else any of its ends. */
function keysOf(wire: Pick<LinkChange, "ends"> & { readonly bridge?: string }): readonly string[] {
  return wire.bridge === undefined ? wire.ends.map(formatEndpoint) : [wire.bridge];
}

const wiresOf = ({ links, segments }: Plan): readonly (LinkPlan | SegmentPlan)[] => [...links, ...segments];

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
