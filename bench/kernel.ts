import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { libc } from "../src/linux/libc.ts";
import { createNetns, deleteNetns, netnsPath } from "../src/linux/netns.ts";
import { addAddress } from "../src/linux/rtnetlink/address.ts";
import { BulkRoutes } from "../src/linux/rtnetlink/bulk-routes.ts";
import { setLinkUp } from "../src/linux/rtnetlink/link.ts";
import type { RouteTarget } from "../src/linux/rtnetlink/route.ts";
import {
  deleteRequest,
  LENGTH_AT,
  NETWORK_AT,
  replaceRequest,
} from "../src/linux/rtnetlink/route-request.ts";
import { Rtnetlink } from "../src/linux/rtnetlink/rtnetlink.ts";
import { kernelAddress, netlinkSocket } from "../src/linux/rtnetlink/socket.ts";
import type { Address } from "../src/net/address.ts";

/**
 * How long it takes to put IPv4 routes into a namespace and to take them out again: by the speaker's own way, by
 * `ip -batch`, and, as the floor, by handing prepared buffers to the kernel and doing nothing else.
 *
 *     node bench/kernel.ts [ROUTES…]     as root; 100,000 and 1,000,000 routes unless given
 */

const counts = process.argv.slice(2).map(Number);
const NAME = `fe80bench.${process.pid}`;
const netns = netnsPath(NAME);
const target: RouteTarget = [{ ifindex: 100, gateway: "fe80::2" as Address }];

/** What the speaker hands over at once: a turn's worth of prefixes. */
const SLICE = 4096;

/** The nth prefix: 10.0.0.0/26 and on. */
const network = (index: number) => (0x0a00_0000 + index * 64) >>> 0;

const octetsOf = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);

/** As BGP writes prefixes. */
function slices(count: number): Uint8Array[] {
  return chunks(count, SLICE, (from, to) => {
    const octets = new Uint8Array((to - from) * 5);
    for (let index = from; index < to; index++)
      octets.set([26, ...octetsOf(network(index))], 5 * (index - from));
    return octets;
  });
}

function chunks<T>(count: number, size: number, make: (from: number, to: number) => T): T[] {
  return Array.from({ length: Math.ceil(count / size) }, (_, nth) =>
    make(nth * size, Math.min(count, (nth + 1) * size)),
  );
}

/** Whole buffers of requests. */
function buffers(count: number, request: Uint8Array): Uint8Array[] {
  return chunks(count, Math.floor(65_536 / request.length), (from, to) => {
    const octets = new Uint8Array((to - from) * request.length);
    for (let index = from; index < to; index++) {
      const at = (index - from) * request.length;
      octets.set(request, at);
      octets[at + LENGTH_AT] = 26;
      octets.set(octetsOf(network(index)), at + NETWORK_AT);
    }
    return octets;
  });
}

function timed(body: () => void): number {
  const start = performance.now();
  body();
  return performance.now() - start;
}

interface Result {
  readonly adding: number;
  readonly deleting: number;
}

function floor(count: number): Result {
  using socket = netlinkSocket(netns);
  const [add, remove] = [replaceRequest(4, target), deleteRequest(4)].map((request) =>
    buffers(count, request),
  );
  const send = (all: readonly Uint8Array[] = []) => {
    for (const octets of all) {
      libc.sendto(socket.fd, octets, octets.length, 0, kernelAddress, kernelAddress.length);
    }
  };
  return { adding: timed(() => send(add)), deleting: timed(() => send(remove)) };
}

function ours(count: number): Result {
  using routes = BulkRoutes.open(netns);
  const all = slices(count);
  const apply = (to: RouteTarget) => {
    for (const prefixes of all) {
      const { refusals, isUncertain } = routes.apply([{ family: 4, prefixes, target: to }]);
      if (refusals.length > 0 || isUncertain) throw new Error(`refused: ${JSON.stringify(refusals[0])}`);
    }
  };
  return { adding: timed(() => apply(target)), deleting: timed(() => apply([])) };
}

function ip(count: number): Result {
  const file = join(tmpdir(), `${NAME}.batch`);
  const run = (verb: string, via: string) => {
    const lines = Array.from(
      { length: count },
      (_, index) => `route ${verb} ${octetsOf(network(index)).join(".")}/26 ${via}metric 20 proto 80\n`,
    );
    writeFileSync(file, lines.join(""));
    return timed(() => execFileSync("ip", ["-n", NAME, "-batch", file]));
  };
  try {
    return { adding: run("replace", "via inet6 fe80::2 dev eth0 "), deleting: run("del", "") };
  } finally {
    rmSync(file, { force: true });
  }
}

function row(name: string, result: Result, base: Result): void {
  const column = (ms: number, least: number) =>
    `${ms.toFixed(0).padStart(7)} ms ${(ms / least).toFixed(2).padStart(6)}`;
  const text = [column(result.adding, base.adding), column(result.deleting, base.deleting)];
  process.stdout.write(`${name.padEnd(28)} ${text.join("   ")}\n`);
}

createNetns(NAME);
try {
  execFileSync("ip", ["-n", NAME, ..."link add eth0 index 100 type veth peer name eth1".split(" ")]);
  using rtnetlink = Rtnetlink.open(netns);
  rtnetlink.request([
    setLinkUp("eth0"),
    setLinkUp("eth1"),
    addAddress({ ifindex: 100, address: "fe80::1" as Address, length: 64 }),
  ]);
  for (const count of counts.length > 0 ? counts : [100_000, 1_000_000]) {
    ours(Math.min(count, 10_000)); // compiled from now on, as it is in a speaker that has been running
    const [first, own, byIp, second] = [floor(count), ours(count), ip(count), floor(count)];
    const base = {
      adding: Math.min(first.adding, second.adding),
      deleting: Math.min(first.deleting, second.deleting),
    };
    process.stdout.write(`\n${count} routes${"".padEnd(20)} adding, ratio       deleting, ratio\n`);
    row("floor: prepared buffers", base, base);
    row("ours", own, base);
    row("ip -batch", byIp, base);
  }
} finally {
  deleteNetns(NAME);
}
