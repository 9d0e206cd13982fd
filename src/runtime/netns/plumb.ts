import { setImmediate } from "node:timers/promises";
import { FileDescriptor } from "../../linux/file-descriptor.ts";
import { addTentativeAddress } from "../../linux/rtnetlink/address.ts";
import { addVeth, getLink, setLinkUp } from "../../linux/rtnetlink/link.ts";
import type { NetlinkRequest } from "../../linux/rtnetlink/message.ts";
import { addNeighbor } from "../../linux/rtnetlink/neighbor.ts";
import { shape } from "../../linux/rtnetlink/qdisc.ts";
import { addDefaultRoute } from "../../linux/rtnetlink/route-request.ts";
import type { Rtnetlink } from "../../linux/rtnetlink/rtnetlink.ts";
import { HOST_SYSCTLS, ROUTER_SYSCTLS, setSysctls } from "../../linux/sysctl.ts";
import { type Endpoint, formatEndpoint } from "../../net/endpoint.ts";
import type { HostPlan, LinkEndPlan, LinkPlan, NodePlan } from "../../plan/plan.ts";
import { LabError } from "../../std/errors.ts";
import { PlumbingError } from "../errors.ts";
import type { PlanPart } from "../runtime.ts";
import { makeBridges, type Plug, plugRequests, plugsOf, type Site } from "./bridges.ts";
import { loopbackAddress } from "./loopback.ts";
import { memberNetns } from "./netns-name.ts";
import { Places } from "./places.ts";
import { Sockets } from "./sockets.ts";

/** So many steps take a few milliseconds. */
const STEPS_A_TURN = 8;

interface End extends LinkEndPlan, Pick<LinkPlan, "conditions"> {
  /** The other ends of its link. */
  readonly peers: readonly LinkEndPlan[];
}

/**
 * Makes a plan's namespaces, links and addresses, all links up when it returns; or a part of them beside what is there.
 *
 * @param options.existing paths of those namespaces that are there already, by name
 * @throws {PlumbingError} naming the router or link; the signal's reason; what is half-made stays
 */
export async function plumb(
  part: PlanPart,
  { signal, existing = new Map() }: { signal: AbortSignal; existing?: ReadonlyMap<string, string> },
): Promise<void> {
  const { nodes, hosts, links, segments } = part;
  const ends: Map<string, End[]> = Map.groupBy(
    [...links, ...segments].flatMap(({ ends, conditions }) =>
      ends.map((end) => {
        const peers = ends.filter((other) => other !== end);
        return { ...end, peers, ...(conditions && { conditions }) };
      }),
    ),
    ({ router }) => router,
  );
  using sockets = new Sockets();
  const site = { lab: part.lab, sockets, places: new Places(existing) };
  const ofEach = (work: (rtnetlink: Rtnetlink, list: readonly End[]) => void) =>
    [...ends].map(([name, list]) =>
      step(`links of ${name}`, () => at(name, (rtnetlink) => work(rtnetlink, list), site)),
    );
  const plugs = plugsOf(segments);
  const steps = [
    ...nodes.map((node) => step(`router ${node.name}`, () => makeRouter(node, site))),
    ...hosts.map((host) => step(`host ${host.name}`, () => makeHost(host, site))),
    ...links.map((link) => step(nameOf(link), () => makeLink(link, site))),
    ...(segments.length > 0 ? [step("bridges", () => makeBridges(segments, site))] : []),
    ...plugs.map((plug) => step(`link ${formatEndpoint(plug.end)}`, () => plugIn(plug, site))),
    ...ofEach(raise),
    ...ofEach((rtnetlink, list) => {
      settle(rtnetlink, list);
      introduce(rtnetlink, list);
    }),
    ...plugs.map(({ netns, end: { port } }) =>
      step(`port ${port.ifname}`, () => inside(netns, (rtnetlink) => settle(rtnetlink, [port]), site)),
    ),
    ...hosts.map((host) => step(`host ${host.name}`, () => leadOut(host, ends.get(host.name) ?? [], site))),
  ];
  await takeSteps(steps, signal);
  const waiting = [...nodes.filter(({ kind }) => kind !== "speaker"), ...hosts];
  for (const { netns } of waiting) await untilUsable(netns, site, signal);
}

/** Waits until no address is tentative: programs that are told by nobody might try too early. Our own speaker hears of it. */
async function untilUsable(netns: string, site: Site, signal: AbortSignal): Promise<void> {
  for (let isTentative = true; isTentative; ) {
    signal.throwIfAborted();
    const look = (rtnetlink: Rtnetlink) => {
      isTentative = rtnetlink.addresses().some(({ tentative }) => tentative);
    };
    inside(netns, look, site);
    await setImmediate();
  }
}

/** @throws {PlumbingError} the signal's reason */
export async function takeSteps(steps: readonly (() => void)[], signal: AbortSignal): Promise<void> {
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

function makeLink({ ends, mtu }: LinkPlan, site: Site): void {
  const [end, peer] = ends;
  using peerNetns = openNetns(peer.router, site);
  const request = addVeth({ ends, mtu, peerNetnsFd: peerNetns.fd });
  at(end.router, (rtnetlink) => rtnetlink.request([request]), site);
}

/** Joins one end of a shared link to its bridge. */
function plugIn(plug: Plug, site: Site): void {
  using peerNetns = openNetns(plug.end.router, site);
  inside(plug.netns, (rtnetlink) => rtnetlink.request(plugRequests(plug, { rtnetlink, peerNetns })), site);
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
        ...all.map((address) => addTentativeAddress({ ifindex, ...address })),
      ];
    }),
  );
}

/** As the plan has them, which spares asking the kernel. */
export function indexesOf(
  rtnetlink: Rtnetlink,
  ends: readonly LinkEndPlan[],
): Map<string, number | undefined> {
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

function at(name: string, work: (rtnetlink: Rtnetlink) => void, site: Site): void {
  inside(memberNetns(site.lab, name), work, site);
}

function inside(netns: string, work: (rtnetlink: Rtnetlink) => void, { places, sockets }: Site): void {
  sockets.use(places.pathOf(netns), work);
}

function openNetns(name: string, { lab, places }: Site): FileDescriptor {
  return FileDescriptor.open(places.pathOf(memberNetns(lab, name)));
}

/** Work that says what it was about if it fails. */
export function step(name: string, work: () => void): () => void {
  return () => {
    try {
      work();
    } catch (error) {
      throw error instanceof LabError ? new PlumbingError(name, error) : error;
    }
  };
}

/** What a link is called in messages. */
export function nameOf({ ends }: { readonly ends: readonly Endpoint[] }): string {
  return `link ${ends.map(formatEndpoint).join(" -- ")}`;
}
