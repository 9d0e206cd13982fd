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
  const own = Map.groupBy(plan.links, ({ ends: [end] }) => end.router);
  const steps = [
    ...plan.nodes.map((node) => step(`router ${node.name}`, () => makeRouter(node))),
    ...[...own].map(([router, links]) => step(`links of ${router}`, () => makeLinks(links, nodes))),
    ...[...ends].map(([router, list]) => step(`links of ${router}`, () => raise(node(nodes, router), list))),
    ...[...ends].map(([router, list]) => step(`links of ${router}`, () => settle(node(nodes, router), list))),
  ];
  for (const [index, work] of steps.entries()) {
    signal.throwIfAborted();
    work();
    // Each step is synchronous: Ctrl-C, and the daemons that are starting, must have their turn.
    if (index % STEPS_A_TURN === 0) await setImmediate();
  }
}

function makeRouter({ netns, loopback }: NodePlan): void {
  const addresses = loopback.map((address) =>
    addAddress({ ifindex: LO, address, length: address.includes(":") ? 128 : 32 }),
  );
  createNetns(netns, () => {
    setSysctls(null, ROUTER_SYSCTLS);
    using rtnetlink = Rtnetlink.open(null);
    rtnetlink.request([setLinkUp("lo"), ...addresses]);
  });
}

/** Links whose first ends are at the same router: a socket costs as much as a link. */
function makeLinks(links: readonly LinkPlan[], nodes: ReadonlyMap<string, NodePlan>): void {
  const [first] = links;
  if (!first) return;
  using rtnetlink = Rtnetlink.open(netnsPath(node(nodes, first.ends[0].router).netns));
  for (const link of links) step(nameOf(link), () => makeLink(link, { rtnetlink, nodes }))();
}

function makeLink(
  { ends, mtu }: LinkPlan,
  { rtnetlink, nodes }: { rtnetlink: Rtnetlink; nodes: ReadonlyMap<string, NodePlan> },
): void {
  using peerNetns = FileDescriptor.open(netnsPath(node(nodes, ends[1].router).netns));
  rtnetlink.request([addVeth({ ends, mtu, peerNetnsFd: peerNetns.fd })]);
}

function raise({ netns }: NodePlan, ends: readonly LinkEndPlan[]): void {
  using rtnetlink = Rtnetlink.open(netnsPath(netns));
  const isNumbered = ends.every(({ ifindex }) => ifindex !== undefined);
  const numbered = isNumbered ? ends : rtnetlink.links();
  const indexes = new Map(numbered.map(({ ifname, ifindex }) => [ifname, ifindex]));
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
      // The step within a step knows better.
      throw error instanceof LabError && !(error instanceof PlumbingError)
        ? new PlumbingError(name, error)
        : error;
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
