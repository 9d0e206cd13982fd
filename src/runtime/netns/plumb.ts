import { setImmediate } from "node:timers/promises";
import { FileDescriptor } from "../../linux/file-descriptor.ts";
import { createNetns, netnsPath } from "../../linux/netns.ts";
import { addAddress } from "../../linux/rtnetlink/address.ts";
import { addVeth, getLink, setLinkUp } from "../../linux/rtnetlink/link.ts";
import type { Rtnetlink } from "../../linux/rtnetlink/rtnetlink.ts";
import { ROUTER_SYSCTLS, setSysctls } from "../../linux/sysctl.ts";
import { type Endpoint, formatEndpoint } from "../../net/endpoint.ts";
import type { LinkEndPlan, LinkPlan, NodePlan, Plan } from "../../plan/plan.ts";
import { LabError } from "../../std/errors.ts";
import { PlumbingError } from "../errors.ts";
import { Sockets } from "./sockets.ts";

/** So many steps take a few milliseconds. */
const STEPS_A_TURN = 8;

/** Index of `lo` in every namespace. */
const LO = 1;

/**
 * Makes a plan's namespaces, links and addresses, all links up when it returns.
 *
 * @throws {PlumbingError} naming the router or link; the signal's reason; what is half-made stays
 */
export async function plumb(plan: Plan, { signal }: { signal: AbortSignal }): Promise<void> {
  const nodes = new Map(plan.nodes.map((node) => [node.name, node]));
  const ends = Map.groupBy(
    plan.links.flatMap((link) => link.ends),
    ({ router }) => router,
  );
  using sockets = new Sockets();
  const ofEach = (work: (end: { netns: string; sockets: Sockets }, list: readonly LinkEndPlan[]) => void) =>
    [...ends].map(([router, list]) =>
      step(`links of ${router}`, () => work({ netns: node(nodes, router).netns, sockets }, list)),
    );
  const steps = [
    ...plan.nodes.map((node) => step(`router ${node.name}`, () => makeRouter(node, sockets))),
    ...plan.links.map((link) => step(nameOf(link), () => makeLink(link, { nodes, sockets }))),
    ...ofEach(raise),
    ...ofEach(settle),
  ];
  for (const [index, work] of steps.entries()) {
    signal.throwIfAborted();
    work();
    // Each step is synchronous: Ctrl-C, and the daemons that are starting, must have their turn.
    if (index % STEPS_A_TURN === 0) await setImmediate();
  }
}

function makeRouter({ netns, loopback }: NodePlan, sockets: Sockets): void {
  const addresses = loopback.map((address) =>
    addAddress({ ifindex: LO, address, length: address.includes(":") ? 128 : 32 }),
  );
  createNetns(netns, () => {
    setSysctls(null, ROUTER_SYSCTLS);
    const begin = (rtnetlink: Rtnetlink) => rtnetlink.request([setLinkUp("lo"), ...addresses]);
    sockets.use(netns, begin, { isInside: true });
  });
}

function makeLink(
  { ends, mtu }: LinkPlan,
  { nodes, sockets }: { nodes: ReadonlyMap<string, NodePlan>; sockets: Sockets },
): void {
  const [end, peer] = ends;
  using peerNetns = FileDescriptor.open(netnsPath(node(nodes, peer.router).netns));
  const request = addVeth({ ends, mtu, peerNetnsFd: peerNetns.fd });
  sockets.use(node(nodes, end.router).netns, (rtnetlink) => rtnetlink.request([request]));
}

function raise({ netns, sockets }: { netns: string; sockets: Sockets }, ends: readonly LinkEndPlan[]): void {
  sockets.use(netns, (rtnetlink) => {
    const isNumbered = ends.every(({ ifindex }) => ifindex !== undefined);
    const numbered = isNumbered ? ends : rtnetlink.links();
    const indexes = new Map(numbered.map(({ ifname, ifindex }) => [ifname, ifindex]));
    rtnetlink.request(
      ends.flatMap(({ ifname, linkLocal }) => [
        setLinkUp(ifname),
        addAddress({ ifindex: indexes.get(ifname) ?? 0, address: linkLocal, length: 64 }),
      ]),
    );
  });
}

/** The links run at once, and not when the kernel gets round to noticing. */
function settle({ netns, sockets }: { netns: string; sockets: Sockets }, ends: readonly LinkEndPlan[]): void {
  const requests = ends.map(({ ifname }) => getLink(ifname));
  sockets.use(netns, (rtnetlink) => rtnetlink.request(requests));
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

function node(nodes: ReadonlyMap<string, NodePlan>, name: string): NodePlan {
  const found = nodes.get(name);
  if (!found) throw new TypeError(`the plan has no router ${name}`);
  return found;
}

function nameOf({ ends: [a, b] }: { readonly ends: readonly [Endpoint, Endpoint] }): string {
  return `link ${formatEndpoint(a)} -- ${formatEndpoint(b)}`;
}
