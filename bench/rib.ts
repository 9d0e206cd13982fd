import { Rib } from "../src/bgp/rib/rib.ts";
import { openPolicy, type Peer } from "../src/bgp/rib/route.ts";
import { emptyUpdate, type Update } from "../src/bgp/wire/message.ts";
import { type Address, type RouterId, routerIdFromNumber } from "../src/net/address.ts";
import { asn } from "../src/net/asn.ts";

/**
 * How long the RIB takes for a full table, and how much memory: in from one peer, out to some others, and withdrawn again.
 *
 *     node --expose-gc bench/rib.ts [PREFIXES]      1,000,000 unless given
 */

const count = Number(process.argv[2] ?? 1_000_000);
/** Prefixes that come in between two calls of `settle`, as in one chunk of a socket. */
const CHUNK = 8192;

function peerNumber(n: number): Peer {
  return {
    session: `eth${n}`,
    ifname: `eth${n}`,
    asn: asn(65000 + n),
    routerId: routerIdFromNumber(n),
    address: `fe80::${n.toString(16)}` as Address,
    localAddress: "fe80::ff" as Address,
    families: [4],
    extendedNextHop: true,
    enhancedRouteRefresh: false,
    addPathSend: [],
    gracefulRestart: undefined,
    role: null,
    encodingKey: "",
    policy: openPolicy,
  };
}

/** Prefixes from `start` on, as a message has them. */
function nlri(start: number, length: number): Uint8Array {
  const octets = new Uint8Array(4 * length);
  for (let index = 0; index < length; index++) {
    const n = start + index;
    octets.set([24, 1 + (n >>> 16), (n >>> 8) & 255, n & 255], 4 * index);
  }
  return octets;
}

/** As a decoder gives them: new objects in each message. */
function announcement(start: number, length: number, sets: number): Update {
  const set = Math.floor(start / length) % sets;
  return {
    ...emptyUpdate,
    announced: [
      {
        nextHop: { linkLocal: "fe80::1" as Address },
        nlri: { family: 4, addPath: false, octets: nlri(start, length) },
      },
    ],
    attributes: { origin: "igp", asPath: [{ type: "sequence", asns: [65001, 1000 + set, 7, 8, 9] }] },
  };
}

function withdrawal(start: number, length: number): Update {
  return { ...emptyUpdate, withdrawn: [{ family: 4, addPath: false, octets: nlri(start, length) }] };
}

/** Octets in use, of arrays and of objects. */
function memory(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Processor time spent in the RIB, in milliseconds: in all, and in the longest call. */
interface Spent {
  total: number;
  longest: number;
}

function timed(spent: Spent, work: () => void): void {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  spent.total += (user + system) / 1000;
  spent.longest = Math.max(spent.longest, (user + system) / 1000);
}

/** An event, and all that is left to do after it. */
function settled(rib: Rib, event: () => void): Spent {
  const spent = { total: 0, longest: 0 };
  timed(spent, event);
  while (rib.busy) timed(spent, () => rib.settle(CHUNK));
  return spent;
}

/** Feeds messages of `each` prefixes, and settles after each chunk. */
function feed(rib: Rib, messages: (start: number) => Update, each: number): Spent {
  const spent = { total: 0, longest: 0 };
  for (let start = 0; start < count; start += CHUNK) {
    const chunk: Update[] = [];
    const end = Math.min(count, start + CHUNK);
    for (let at = start; at < end; at += each) chunk.push(messages(at));
    timed(spent, () => {
      for (const update of chunk) rib.update("eth1", update);
      rib.settle(CHUNK);
    });
  }
  const rest = settled(rib, () => {});
  return { total: spent.total + rest.total, longest: Math.max(spent.longest, rest.longest) };
}

function print(what: string, { total, longest }: Spent, held?: number): void {
  const each = ((1000 * total) / count).toFixed(2);
  const memory = held === undefined ? "" : `, ${(held / 2 ** 20).toFixed(0)} MB`;
  const numbers = `${total.toFixed(0)} ms, ${each} us a prefix, longest turn ${longest.toFixed(0)} ms${memory}`;
  process.stdout.write(`${what.padEnd(48)} ${numbers}\n`);
}

function newRib(receivers: number): Rib {
  const routerId = "0.0.0.100" as RouterId;
  const multipath = { maximumPaths: 1, asPathRelax: false };
  const rib = new Rib({ asn: asn(65000), routerId, clusterId: routerId, multipath });
  for (let n = 1; n <= 1 + receivers; n++) rib.peerUp(peerNumber(n));
  settled(rib, () => {});
  return rib;
}

interface Shape {
  readonly name: string;
  readonly each: number;
  readonly sets: number;
}

function through({ name, each, sets }: Shape, receivers: number): void {
  const before = memory();
  const rib = newRib(receivers);
  const fed = feed(rib, (start) => announcement(start, each, sets), each);
  print(`${name}, in, to ${receivers}`, fed, memory() - before);
  const gone = feed(rib, (start) => withdrawal(start, each), each);
  print(`${name}, withdrawn`, gone);
}

function later(): void {
  const rib = newRib(0);
  feed(rib, (start) => announcement(start, 8, count), 8);
  const late = settled(rib, () => {
    for (let n = 2; n <= 11; n++) rib.peerUp(peerNumber(n));
  });
  print("ten peers come up behind a full table", late);
  const other = settled(rib, () => rib.setPolicy("eth1", { ...openPolicy, localPref: 200 }));
  print("its peer gets another import policy", other);
  const changed = settled(rib, () => rib.setPolicy("eth2", { ...openPolicy, med: 7 }));
  print("one of the ten gets another export policy", changed);
  print(
    "its peer goes down",
    settled(rib, () => rib.peerDown("eth1")),
  );
}

for (const receivers of [0, 1, 10]) {
  through({ name: "one attribute set", each: 512, sets: 1 }, receivers);
  through({ name: "one for 8 prefixes", each: 8, sets: count }, receivers);
}
later();
