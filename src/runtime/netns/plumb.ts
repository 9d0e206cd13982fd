import { setImmediate } from "node:timers/promises";
import { FileDescriptor } from "../../linux/file-descriptor.ts";
import { createNetns, netnsPath } from "../../linux/netns.ts";
import { addAddress } from "../../linux/rtnetlink/address.ts";
import { addBridge, addVeth, getLink, setLinkUp } from "../../linux/rtnetlink/link.ts";
import type { NetlinkRequest } from "../../linux/rtnetlink/message.ts";
import { shape } from "../../linux/rtnetlink/qdisc.ts";
import { addDefaultRoute } from "../../linux/rtnetlink/route-request.ts";
import { Rtnetlink } from "../../linux/rtnetlink/rtnetlink.ts";
import { BRIDGE_SYSCTLS, HOST_SYSCTLS, ROUTER_SYSCTLS, setSysctls } from "../../linux/sysctl.ts";
import { type Endpoint, formatEndpoint } from "../../net/endpoint.ts";
import type { HostPlan, LinkEndPlan, LinkPlan, NodePlan, Plan, SegmentPlan } from "../../plan/plan.ts";
import { LabError } from "../../std/errors.ts";
import { PlumbingError } from "../errors.ts";

/** Index of `lo` in every namespace. */
const LO = 1;

/** A namespace, of a router or of a host. */
type Member = Pick<NodePlan, "name" | "netns">;

/**
 * Makes a plan's namespaces, links and addresses, all links up when it returns.
 *
 * @throws {PlumbingError} naming the router or link; the signal's reason; what is half-made stays
 */
export async function plumb(plan: Plan, { signal }: { signal: AbortSignal }): Promise<void> {
  const members = new Map([...plan.nodes, ...plan.hosts].map((member) => [member.name, member]));
  const ends = Map.groupBy(
    [...plan.links, ...plan.segments].flatMap(({ ends, conditions }) =>
      ends.map((end) => ({ ...end, conditions })),
    ),
    ({ router }) => router,
  );
  const steps = [
    ...plan.nodes.map((node) => step(`router ${node.name}`, () => makeRouter(node))),
    ...plan.hosts.map((host) => step(`host ${host.name}`, () => makeHost(host))),
    ...plan.links.map((link) => step(nameOf(link), () => makeLink(link, members))),
    ...(plan.segments.length > 0 ? [step("bridges", () => makeBridges(plan.segments))] : []),
    ...plan.segments.flatMap((segment) =>
      segment.ends.map((end, index) =>
        step(`link ${formatEndpoint(end)}`, () => plugIn(segment, index, member(members, end.router))),
      ),
    ),
    ...[...ends].map(([name, list]) => step(`links of ${name}`, () => raise(member(members, name), list))),
    ...[...ends].map(([name, list]) => step(`links of ${name}`, () => settle(member(members, name), list))),
    ...plan.hosts.map((host) => step(`host ${host.name}`, () => leadOut(host))),
  ];
  for (const work of steps) {
    signal.throwIfAborted();
    work();
    // Each step is synchronous: Ctrl-C, and the daemons that are starting, must have their turn.
    await setImmediate();
  }
}

function makeRouter({ netns, loopback }: NodePlan): void {
  createNetns(netns);
  setSysctls(netnsPath(netns), ROUTER_SYSCTLS);
  const addresses = loopback.map((address) =>
    addAddress({ ifindex: LO, address, length: address.includes(":") ? 128 : 32 }),
  );
  request(netns, [setLinkUp("lo"), ...addresses]);
}

function makeHost({ netns }: HostPlan): void {
  createNetns(netns);
  setSysctls(netnsPath(netns), HOST_SYSCTLS);
  request(netns, [setLinkUp("lo")]);
}

/** A host sends all that is not on its link to its router, IPv4 too (RFC 8950 has it in BGP, the kernel in `RTA_VIA`). */
function leadOut({ netns, ifname, gateway, families }: HostPlan): void {
  using rtnetlink = Rtnetlink.open(netnsPath(netns));
  const ifindex = rtnetlink.links().find((link) => link.ifname === ifname)?.ifindex ?? 0;
  rtnetlink.request(families.map((family) => addDefaultRoute(family, { ifindex, gateway })));
}

function makeLink({ ends, mtu }: LinkPlan, members: ReadonlyMap<string, Member>): void {
  const [end, peer] = ends;
  using peerNetns = FileDescriptor.open(netnsPath(member(members, peer.router).netns));
  request(member(members, end.router).netns, [addVeth({ ends, mtu, peerNetnsFd: peerNetns.fd })]);
}

/** All in one namespace; they run before anything is plugged in. */
function makeBridges(segments: readonly SegmentPlan[]): void {
  for (const netns of new Set(segments.map(({ netns }) => netns))) {
    createNetns(netns);
    setSysctls(netnsPath(netns), BRIDGE_SYSCTLS);
    const own = segments.filter((segment) => segment.netns === netns);
    request(
      netns,
      own.flatMap(({ bridge, mtu }) => [addBridge({ ifname: bridge, mtu }), setLinkUp(bridge)]),
    );
  }
}

/** Joins one end of a shared link to its bridge. */
function plugIn({ netns, bridge, ends, mtu }: SegmentPlan, index: number, { netns: router }: Member): void {
  const end = ends[index];
  if (!end) return;
  using peerNetns = FileDescriptor.open(netnsPath(router));
  using rtnetlink = Rtnetlink.open(netnsPath(netns));
  const master = rtnetlink.links().find(({ ifname }) => ifname === bridge)?.ifindex ?? 0;
  const port = { ifname: `${bridge}-${index}`, ifindex: undefined, mac: undefined, bridge: master };
  rtnetlink.request([addVeth({ ends: [port, end], mtu, peerNetnsFd: peerNetns.fd }), setLinkUp(port.ifname)]);
}

type End = LinkEndPlan & { readonly conditions: LinkPlan["conditions"] | undefined };

function raise({ netns }: Member, ends: readonly End[]): void {
  using rtnetlink = Rtnetlink.open(netnsPath(netns));
  const indexes = new Map(rtnetlink.links().map(({ ifname, ifindex }) => [ifname, ifindex]));
  rtnetlink.request(
    ends.flatMap(({ ifname, linkLocal, addresses = [], conditions }) => {
      const ifindex = indexes.get(ifname) ?? 0;
      const all = [{ address: linkLocal, length: 64 }, ...addresses];
      return [
        ...(conditions ? shape(ifindex, conditions) : []),
        setLinkUp(ifname),
        ...all.map((address) => addAddress({ ifindex, ...address })),
      ];
    }),
  );
}

/** The links run at once, and not when the kernel gets round to noticing. */
function settle({ netns }: Member, ends: readonly LinkEndPlan[]): void {
  request(
    netns,
    ends.map(({ ifname }) => getLink(ifname)),
  );
}

function request(netns: string, requests: readonly NetlinkRequest[]): void {
  using rtnetlink = Rtnetlink.open(netnsPath(netns));
  rtnetlink.request(requests);
}

function step(name: string, work: () => void): () => void {
  return () => {
    try {
      work();
    } catch (error) {
      throw error instanceof LabError ? new PlumbingError(name, error) : error;
    }
  };
}

function member(members: ReadonlyMap<string, Member>, name: string): Member {
  const found = members.get(name);
  if (!found) throw new TypeError(`the plan has no router ${name}`);
  return found;
}

function nameOf({ ends: [a, b] }: { readonly ends: readonly [Endpoint, Endpoint] }): string {
  return `link ${formatEndpoint(a)} -- ${formatEndpoint(b)}`;
}
