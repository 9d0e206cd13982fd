import { closeSync, constants, openSync, unlinkSync, writeFileSync } from "node:fs";
import { check, libc } from "../src/linux/libc.ts";
import { netnsPath } from "../src/linux/netns.ts";
import { addAddress, addTentativeAddress } from "../src/linux/rtnetlink/address.ts";
import { addVeth, getLink, setLinkUp } from "../src/linux/rtnetlink/link.ts";
import { concat, encodeMessage, type NetlinkRequest } from "../src/linux/rtnetlink/message.ts";
import { addNeighbor } from "../src/linux/rtnetlink/neighbor.ts";
import { ROUTER_SYSCTLS } from "../src/linux/sysctl.ts";
import type { LinkEndPlan, Plan } from "../src/plan/plan.ts";

/** What a plan needs of the kernel and nothing else: system calls on octets that were prepared before, in one loop. */

const CLONE_NEWNET = 0x4000_0000;
const MS_BIND = 0x1000;
const MNT_DETACH = 2;
const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 3 | 0x8_0000;
const SOL_NETLINK = 270;
const NETLINK_CAP_ACK = 10;
const OWN = "/proc/thread-self/ns/net";
/** Stands for the peer's namespace in prepared octets. */
const PLACEHOLDER = 0x7ead_beef;

interface Prepared {
  readonly path: string;
  readonly loopback: Batch;
  readonly links: Batch;
  /** Where in `links` the peers' namespaces go, and whose. */
  readonly peers: readonly { readonly at: number; readonly path: string }[];
  readonly raise: Batch;
  readonly settle: Batch;
  readonly introduce: Batch;
}

interface Batch {
  readonly octets: Uint8Array;
  readonly count: number;
}

const sysctls = Object.entries(ROUTER_SYSCTLS).map(
  ([name, value]) => [`/proc/sys/net/${name}`, `${value}`] as const,
);
const kernel = new Uint8Array(12);
kernel[0] = AF_NETLINK;
const answer = new Uint8Array(65_536);

/** All octets of a plan, so that making it is nothing but system calls. */
export function prepare(plan: Plan): Prepared[] {
  const pathOf = (router: string) => netnsPath(`fe80.${plan.lab}.${router}`);
  const own = Map.groupBy(plan.links, ({ ends: [end] }) => end.router);
  const ends = Map.groupBy(
    plan.links.flatMap(({ ends: [a, b] }) => [
      { ...a, peer: b },
      { ...b, peer: a },
    ]),
    (end) => end.router,
  );
  return plan.nodes.map(({ name, loopback }) => {
    const links = own.get(name) ?? [];
    const batch = batchOf(links.map(({ ends, mtu }) => addVeth({ ends, mtu, peerNetnsFd: PLACEHOLDER })));
    const lo = loopback.map((address) => addAddress({ ifindex: 1, address, length: 32 }));
    const all = ends.get(name) ?? [];
    return {
      path: pathOf(name),
      loopback: batchOf([setLinkUp("lo"), ...lo]),
      links: batch,
      peers: placesOf(batch.octets).map((at, index) => ({
        at,
        path: pathOf(links[index]?.ends[1].router ?? ""),
      })),
      raise: batchOf(all.flatMap(raise)),
      settle: batchOf(all.map(({ ifname }) => getLink(ifname))),
      introduce: batchOf(all.map(introduce)),
    };
  });
}

export function make(prepared: readonly Prepared[]): void {
  const home = openSync(OWN, "r");
  const sockets = new Map<string, number>();
  const namespaces = new Map<string, number>();
  for (const { path, loopback } of prepared) {
    closeSync(openSync(path, constants.O_RDONLY | constants.O_CREAT | constants.O_EXCL));
    check(libc.unshare(CLONE_NEWNET), "unshare", path);
    check(libc.mount(OWN, path, "none", MS_BIND, null), "mount", path);
    namespaces.set(path, openSync(path, "r"));
    for (const [name, value] of sysctls) writeFileSync(name, value);
    const socket = check(libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, 0), "socket", path);
    libc.setsockopt(socket, SOL_NETLINK, NETLINK_CAP_ACK, Uint8Array.of(1, 0, 0, 0), 4);
    sockets.set(path, socket);
    exchange(socket, loopback);
  }
  check(libc.setns(home, CLONE_NEWNET), "setns", OWN);
  for (const { path, links, peers } of prepared) {
    const view = new DataView(links.octets.buffer);
    for (const peer of peers) view.setUint32(peer.at, namespaces.get(peer.path) ?? -1, true);
    exchange(sockets.get(path) ?? -1, links);
  }
  for (const { path, raise } of prepared) exchange(sockets.get(path) ?? -1, raise);
  for (const { path, settle, introduce } of prepared) {
    exchange(sockets.get(path) ?? -1, settle);
    exchange(sockets.get(path) ?? -1, introduce);
  }
  for (const fd of [...sockets.values(), ...namespaces.values(), home]) closeSync(fd);
}

export function remove(prepared: readonly Prepared[]): void {
  for (const { path } of prepared) {
    check(libc.umount2(path, MNT_DETACH), "umount", path);
    unlinkSync(path);
  }
}

const raise = ({ ifname, ifindex = 0, linkLocal }: LinkEndPlan): NetlinkRequest[] => [
  setLinkUp(ifname),
  addTentativeAddress({ ifindex, address: linkLocal, length: 64 }),
];

const introduce = ({ ifindex = 0, peer }: LinkEndPlan & { readonly peer: LinkEndPlan }): NetlinkRequest =>
  addNeighbor({ ifindex, address: peer.linkLocal, mac: peer.mac });

function batchOf(requests: readonly NetlinkRequest[]): Batch {
  const octets = concat(...requests.map((request, index) => encodeMessage(request, index + 1)));
  return { octets, count: requests.length };
}

function placesOf(octets: Uint8Array): number[] {
  const view = new DataView(octets.buffer);
  const places: number[] = [];
  for (let at = 0; at + 4 <= octets.length; at += 4)
    if (view.getUint32(at, true) === PLACEHOLDER) places.push(at);
  return places;
}

/** Every request is acknowledged, each in a datagram of its own. */
function exchange(socket: number, { octets, count }: Batch): void {
  if (count === 0) return;
  check(libc.sendto(socket, octets, octets.length, 0, kernel, kernel.length), "sendto", "rtnetlink");
  for (let left = count; left > 0; ) {
    const length = check(libc.recv(socket, answer, answer.length, 0), "recv", "rtnetlink");
    const view = new DataView(answer.buffer, 0, length);
    if (view.getUint16(4, true) !== 2) continue;
    if (view.getInt32(16, true) !== 0) throw new Error(`rtnetlink: errno ${-view.getInt32(16, true)}`);
    left--;
  }
}
