import { setImmediate } from "node:timers/promises";
import { FileDescriptor } from "../../linux/file-descriptor.ts";
import { addAddress } from "../../linux/rtnetlink/address.ts";
import { addVeth, getLink, setLinkUp } from "../../linux/rtnetlink/link.ts";
import type { NetlinkRequest } from "../../linux/rtnetlink/message.ts";
import { addNeighbor } from "../../linux/rtnetlink/neighbor.ts";
import { shape } from "../../linux/rtnetlink/qdisc.ts";
import { addDefaultRoute } from "../../linux/rtnetlink/route-request.ts";
import type { Rtnetlink } from "../../linux/rtnetlink/rtnetlink.ts";
import { HOST_SYSCTLS, ROUTER_SYSCTLS, setSysctls } from "../../linux/sysctl.ts";
import { type Endpoint, formatEndpoint } from "../../net/endpoint.ts";
import type { HostPlan, LinkEndPlan, LinkPlan, NodePlan, Plan } from "../../plan/plan.ts";
import { LabError } from "../../std/errors.ts";
import { PlumbingError } from "../errors.ts";
import { makeBridges, type Port, portRequests, portsOf, type Site } from "./bridges.ts";
import { loopbackAddress } from "./interface.ts";
import { Places } from "./places.ts";
import { Sockets } from "./sockets.ts";

/** So many steps take a few milliseconds. */
const STEPS_A_TURN = 8;

/** A namespace, of a router or of a host. */
type Member = Pick<NodePlan, "name" | "netns">;

interface End extends LinkEndPlan, Pick<LinkPlan, "conditions"> {
  /** The other ends of its link. */
  readonly peers: readonly LinkEndPlan[];
}

interface MemberSite extends Site {
  /** By the name of the router or host. */
  readonly members: ReadonlyMap<string, Member>;
}

/**
 * Makes a plan's namespaces, links and addresses, all links up when it returns.
 *
 * @param options.existing paths of those namespaces that are there already, by name
 * @throws {PlumbingError} naming the router or link; the signal's reason; what is half-made stays
 */
export async function plumb(
  plan: Plan,
  { signal, existing = new Map() }: { signal: AbortSignal; existing?: ReadonlyMap<string, string> },
): Promise<void> {
  const members = new Map([...plan.nodes, ...plan.hosts].map((member) => [member.name, member]));
  const ends: Map<string, End[]> = Map.groupBy(
    [...plan.links, ...plan.segments].flatMap(({ ends, conditions }) =>
      ends.map((end) => {
        const peers = ends.filter((other) => other !== end);
        return { ...end, peers, ...(conditions && { conditions }) };
      }),
    ),
    ({ router }) => router,
  );
  using sockets = new Sockets();
  const site = { members, sockets, places: new Places(existing) };
  const ofEach = (work: (rtnetlink: Rtnetlink, list: readonly End[]) => void) =>
    [...ends].map(([name, list]) =>
      step(`links of ${name}`, () => at(name, (rtnetlink) => work(rtnetlink, list), site)),
    );
  const ports = portsOf(plan.segments);
  const steps = [
    ...plan.nodes.map((node) => step(`router ${node.name}`, () => makeRouter(node, site))),
    ...plan.hosts.map((host) => step(`host ${host.name}`, () => makeHost(host, site))),
    ...plan.links.map((link) => step(nameOf(link), () => makeLink(link, site))),
    ...(plan.segments.length > 0 ? [step("bridges", () => makeBridges(plan.segments, site))] : []),
    ...ports.map((port) => step(`link ${formatEndpoint(port.end)}`, () => plugIn(port, site))),
    ...ofEach(raise),
    ...ofEach((rtnetlink, list) => {
      settle(rtnetlink, list);
      introduce(rtnetlink, list);
    }),
    ...ports.map(({ netns, ifname }) =>
      step(`port ${ifname}`, () => inside(netns, (rtnetlink) => settle(rtnetlink, [{ ifname }]), site)),
    ),
    ...plan.hosts.map((host) =>
      step(`host ${host.name}`, () => leadOut(host, ends.get(host.name) ?? [], site)),
    ),
  ];
  for (const [index, work] of steps.entries()) {
    signal.throwIfAborted();
    work();
    // Each step is synchronous: Ctrl-C, and the daemons that are starting, must have their turn.
    if (index % STEPS_A_TURN === 0) await setImmediate();
  }
}

function makeRouter({ netns, loopback }: NodePlan, site: Site): void {
  const addresses = loopback.map(loopbackAddress);
  makeMember({ netns, sysctls: ROUTER_SYSCTLS, addresses }, site);
}

function makeHost({ netns }: HostPlan, site: Site): void {
  makeMember({ netns, sysctls: HOST_SYSCTLS, addresses: [] }, site);
}

interface MemberSetup {
  readonly netns: string;
  readonly sysctls: Readonly<Record<string, number>>;
  /** Of `lo`. */
  readonly addresses: readonly NetlinkRequest[];
}

function makeMember({ netns, sysctls, addresses }: MemberSetup, { places, sockets }: Site): void {
  places.make(netns, (path) => {
    setSysctls(null, sysctls);
    const begin = (rtnetlink: Rtnetlink) => rtnetlink.request([setLinkUp("lo"), ...addresses]);
    sockets.use(path, begin, { isInside: true });
  });
}

function makeLink({ ends, mtu }: LinkPlan, site: MemberSite): void {
  const [end, peer] = ends;
  using peerNetns = openNetns(peer.router, site);
  const request = addVeth({ ends, mtu, peerNetnsFd: peerNetns.fd });
  at(end.router, (rtnetlink) => rtnetlink.request([request]), site);
}

/** Joins one end of a shared link to its bridge. */
function plugIn(port: Port, site: MemberSite): void {
  using peerNetns = openNetns(port.end.router, site);
  inside(port.netns, (rtnetlink) => rtnetlink.request(portRequests(port, { rtnetlink, peerNetns })), site);
}

function raise(rtnetlink: Rtnetlink, ends: readonly End[]): void {
  const indexes = indexesOf(rtnetlink, ends);
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

/** As the plan has them, which spares asking the kernel. */
function indexesOf(rtnetlink: Rtnetlink, ends: readonly End[]): Map<string, number | undefined> {
  const isNumbered = ends.every(({ ifindex }) => ifindex !== undefined);
  const numbered = isNumbered ? ends : rtnetlink.links();
  return new Map(numbered.map(({ ifname, ifindex }) => [ifname, ifindex]));
}

/** The links run at once, and not when the kernel gets round to noticing. */
function settle(rtnetlink: Rtnetlink, ends: readonly Pick<End, "ifname">[]): void {
  rtnetlink.request(ends.map(({ ifname }) => getLink(ifname)));
}

/** The ends of each link know each other: the kernel forgets those that come to know each other when many do. */
function introduce(rtnetlink: Rtnetlink, ends: readonly End[]): void {
  const indexes = indexesOf(rtnetlink, ends);
  rtnetlink.request(
    ends.flatMap(({ ifname, peers }) => {
      const ifindex = indexes.get(ifname) ?? 0;
      return peers.map(({ linkLocal, mac }) => addNeighbor({ ifindex, address: linkLocal, mac }));
    }),
  );
}

/** A host sends all that is not on its link to its router, IPv4 too (RFC 8950 has it in BGP, the kernel in `RTA_VIA`). */
function leadOut({ netns, ifname, gateway, families }: HostPlan, ends: readonly End[], site: Site): void {
  const lead = (rtnetlink: Rtnetlink) => {
    const ifindex = indexesOf(rtnetlink, ends).get(ifname) ?? 0;
    rtnetlink.request(families.map((family) => addDefaultRoute(family, { ifindex, gateway })));
  };
  inside(netns, lead, site);
}

function at(name: string, work: (rtnetlink: Rtnetlink) => void, site: MemberSite): void {
  inside(member(site.members, name).netns, work, site);
}

function inside(netns: string, work: (rtnetlink: Rtnetlink) => void, { places, sockets }: Site): void {
  sockets.use(places.pathOf(netns), work);
}

function openNetns(name: string, { members, places }: MemberSite): FileDescriptor {
  return FileDescriptor.open(places.pathOf(member(members, name).netns));
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
