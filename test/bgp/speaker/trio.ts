import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";
import {
  defaultRouter,
  defaultSession,
  defaultTimers,
  type RouterConfig,
} from "../../../src/bgp/config/config.ts";
import { watchStatus } from "../../../src/bgp/control/client.ts";
import type { SessionStatus } from "../../../src/bgp/control/status.ts";
import { FileDescriptor } from "../../../src/linux/file-descriptor.ts";
import { addTentativeAddress } from "../../../src/linux/rtnetlink/address.ts";
import { addVeth, setLinkUp } from "../../../src/linux/rtnetlink/link.ts";
import { Rtnetlink } from "../../../src/linux/rtnetlink/rtnetlink.ts";
import type { Address, RouterId } from "../../../src/net/address.ts";
import { asn } from "../../../src/net/asn.ts";
import { prefix } from "../../../src/net/prefix.ts";
import { systemClock } from "../../../src/std/clock.ts";
import { netns } from "../../linux/sandbox.ts";
import { processStatus } from "../../support/process-status.ts";
import { connectionId } from "../../support/session.ts";

/** r1's address on both links. */
const ours = "fe80::1" as Address;
/** The address of r2 and of r3. */
export const theirs = "fe80::9" as Address;

/** One end of a link. */
export interface End {
  readonly netns: string;
  readonly ifname: string;
  readonly ifindex: number;
  readonly mac: string;
  readonly address: Address;
}

/** A veth pair, up and with addresses. */
export function connect(a: End, b: End): void {
  {
    using rtnetlink = Rtnetlink.open(a.netns);
    using peerNetns = FileDescriptor.open(b.netns);
    rtnetlink.request([addVeth({ ends: [a, b], mtu: 1500, peerNetnsFd: peerNetns.fd })]);
  }
  for (const { netns, ifname, ...end } of [a, b]) {
    using rtnetlink = Rtnetlink.open(netns);
    rtnetlink.request([setLinkUp("lo"), setLinkUp(ifname), addTentativeAddress({ ...end, length: 64 })]);
  }
}

/** Router N is AS 64511 + N; its peers are told by number. */
function router(number: number, netns: string, peers: Record<string, number>): RouterConfig {
  return {
    ...defaultRouter,
    name: `r${number}`,
    netns,
    log: "/dev/null",
    logLevel: "info",
    asn: asn(64511 + number),
    routerId: `0.0.0.${number}` as RouterId,
    originate: [prefix(`10.0.${number}.0/24`)],
    sessions: Object.entries(peers).map(([ifname, peer]) => ({
      ...defaultSession,
      ifname,
      remoteAs: asn(64511 + peer),
      timers: defaultTimers,
    })),
  };
}

/** The configuration of r1 between r2 and r3, in namespaces of their own, and the ends of their links. */
export function create(t: Test) {
  const directory = mkdtempSync(join(tmpdir(), "fe80-speaker-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  const [r1, r2, r3] = [netns(t), netns(t), netns(t)];
  const toR2 = { netns: r1, ifname: "eth0", ifindex: 100, mac: "02:fe:80:00:00:01", address: ours };
  const toR3 = { netns: r1, ifname: "eth1", ifindex: 101, mac: "02:fe:80:00:00:02", address: ours };
  const atR2 = { netns: r2, ifname: "eth0", ifindex: 200, mac: "02:fe:80:00:00:03", address: theirs };
  const atR3 = { netns: r3, ifname: "eth0", ifindex: 300, mac: "02:fe:80:00:00:04", address: theirs };
  connect(toR2, atR2);
  connect(toR3, atR3);
  const control = join(directory, "control");
  const routers = [
    router(1, r1, { eth0: 2, eth1: 3 }),
    router(2, r2, { eth0: 1 }),
    router(3, r3, { eth0: 1 }),
  ];
  return { config: { control, routers }, control, toR2, toR3, atR2, atR3 };
}

let connections = 0;

/** What the test process gives to its speakers. */
export const context = {
  clock: systemClock,
  random: () => 0.5,
  hostname: "test",
  pid: process.pid,
  newConnectionId: () => connectionId((++connections).toString(16).padStart(8, "0")),
  processStatus: () => processStatus,
};

/** For whatever a test waits for. */
export const deadline = () => AbortSignal.timeout(20_000);

/** Waits until r1's session on an interface is as wished. */
export async function session(
  control: string,
  ifname: string,
  wished: (status: SessionStatus) => boolean,
): Promise<SessionStatus> {
  for await (const event of watchStatus(control, "all", deadline())) {
    const told = event.type === "status" ? event.sessions : event.type === "session" ? [event.session] : [];
    const found = told.find((status) => status.router === "r1" && status.ifname === ifname && wished(status));
    if (found) return found;
  }
  throw new Error(`the session on ${ifname} never was as wished`);
}

export const established = ({ state }: SessionStatus) => state === "Established";

/** Established for so many times. */
export const up =
  (count: number) =>
  (status: SessionStatus): boolean =>
    established(status) && status.establishedCount === count;
