import type { Test } from "tap";
import { FileDescriptor } from "../../src/linux/file-descriptor.ts";
import { createNetns, deleteNetns, netnsPath } from "../../src/linux/netns.ts";
import { addTentativeAddress } from "../../src/linux/rtnetlink/address.ts";
import { addVeth, getLink, setLinkUp } from "../../src/linux/rtnetlink/link.ts";
import { Rtnetlink } from "../../src/linux/rtnetlink/rtnetlink.ts";
import { ROUTER_SYSCTLS, setSysctls } from "../../src/linux/sysctl.ts";
import type { Address } from "../../src/net/address.ts";

let made = 0;

/** A fresh namespace, gone when the test ends. */
export function netns(t: Test): string {
  const name = `fe80test.${process.pid}.${++made}`;
  createNetns(name);
  t.teardown(() => deleteNetns(name));
  const path = netnsPath(name);
  setSysctls(path, ROUTER_SYSCTLS);
  return path;
}

export interface Pair {
  readonly ends: readonly [End, End];
}

export interface End {
  readonly netns: string;
  readonly ifindex: number;
  readonly address: Address;
  readonly mac: string;
}

/** Two namespaces with a veth between them: `eth0`, fe80::1 and fe80::2, usable. */
export function pair(t: Test, ifindexes: readonly [number, number] = [100, 100]): Pair {
  const [a, b] = [netns(t), netns(t)];
  const ends = [
    { netns: a, ifindex: ifindexes[0], address: "fe80::1" as Address, mac: "02:fe:80:00:00:01" },
    { netns: b, ifindex: ifindexes[1], address: "fe80::2" as Address, mac: "02:fe:80:00:00:02" },
  ] as const;
  veth(ends);
  for (const end of ends) {
    using rtnetlink = Rtnetlink.open(end.netns);
    rtnetlink.request([setLinkUp("lo"), setLinkUp("eth0"), addTentativeAddress({ ...end, length: 64 })]);
  }
  for (const end of ends) {
    using rtnetlink = Rtnetlink.open(end.netns);
    rtnetlink.request([getLink("eth0")]);
    while (rtnetlink.addresses().some(({ tentative }) => tentative)); // nothing is delivered to it yet
  }
  return { ends };
}

/** The veth alone: down and without addresses. */
export function veth([a, b]: readonly [End, End]): void {
  using rtnetlink = Rtnetlink.open(a.netns);
  using peerNetns = FileDescriptor.open(b.netns);
  const end = ({ ifindex, mac }: End) => ({ ifname: "eth0", ifindex, mac });
  rtnetlink.request([addVeth({ ends: [end(a), end(b)], mtu: 1500, peerNetnsFd: peerNetns.fd })]);
}
