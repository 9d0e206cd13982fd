import { setImmediate } from "node:timers/promises";
import { FileDescriptor } from "../../linux/file-descriptor.ts";
import { createNetns, netnsPath } from "../../linux/netns.ts";
import { addAddress } from "../../linux/rtnetlink/address.ts";
import { addVeth, getLink, setLinkUp } from "../../linux/rtnetlink/link.ts";
import type { NetlinkRequest } from "../../linux/rtnetlink/message.ts";
import { Rtnetlink } from "../../linux/rtnetlink/rtnetlink.ts";
import { ROUTER_SYSCTLS, setSysctls } from "../../linux/sysctl.ts";
import { type Endpoint, formatEndpoint } from "../../net/endpoint.ts";
import type { LinkEndPlan, LinkPlan, NodePlan, Plan } from "../../plan/plan.ts";
import { LabError } from "../../std/errors.ts";
import { PlumbingError } from "../errors.ts";

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
  const steps = [
    ...plan.nodes.map((node) => step(`router ${node.name}`, () => makeRouter(node))),
    ...plan.links.map((link) => step(nameOf(link), () => makeLink(link, nodes))),
    ...[...ends].map(([router, list]) => step(`links of ${router}`, () => raise(node(nodes, router), list))),
    ...[...ends].map(([router, list]) => step(`links of ${router}`, () => settle(node(nodes, router), list))),
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

function makeLink({ ends, mtu }: LinkPlan, nodes: ReadonlyMap<string, NodePlan>): void {
  const [end, peer] = ends;
  using peerNetns = FileDescriptor.open(netnsPath(node(nodes, peer.router).netns));
  request(node(nodes, end.router).netns, [addVeth({ ends, mtu, peerNetnsFd: peerNetns.fd })]);
}

function raise({ netns }: NodePlan, ends: readonly LinkEndPlan[]): void {
  using rtnetlink = Rtnetlink.open(netnsPath(netns));
  const indexes = new Map(rtnetlink.links().map(({ ifname, ifindex }) => [ifname, ifindex]));
  rtnetlink.request(
    ends.flatMap(({ ifname, linkLocal }) => [
      setLinkUp(ifname),
      addAddress({ ifindex: indexes.get(ifname) ?? 0, address: linkLocal, length: 64 }),
    ]),
  );
}

/** The links run at once, and not when the kernel gets round to noticing. */
function settle({ netns }: NodePlan, ends: readonly LinkEndPlan[]): void {
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

function node(nodes: ReadonlyMap<string, NodePlan>, name: string): NodePlan {
  const found = nodes.get(name);
  if (!found) throw new TypeError(`the plan has no router ${name}`);
  return found;
}

function nameOf({ ends: [a, b] }: { readonly ends: readonly [Endpoint, Endpoint] }): string {
  return `link ${formatEndpoint(a)} -- ${formatEndpoint(b)}`;
}
