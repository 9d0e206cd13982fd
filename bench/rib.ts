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

/** Feeds messages and settles; gives back the milliseconds spent in the RIB and the longest call. */
function feed(rib: Rib, messages: (start: number) => Update, each: number) {
  let [spent, longest, told] = [0, 0, 0];
  const timed = (work: () => void) => {
    const start = performance.now();
    work();
    const took = performance.now() - start;
    spent += took;
    longest = Math.max(longest, took);
  };
  for (let start = 0; start < count; start += CHUNK) {
    const chunk: Update[] = [];
    const end = Math.min(count, start + CHUNK);
    for (let at = start; at < end; at += each) chunk.push(messages(at));
    timed(() => {
      for (const update of chunk) rib.update("eth1", update);
      const { advertisements } = rib.settle(CHUNK);
      for (const { messages: sent } of advertisements) told += sent.length;
    });
  }
  while (rib.busy) timed(() => rib.settle(CHUNK));
  return { spent, longest, told };
}

function measure(shape: { each: number; sets: number; receivers: number }): void {
  const before = memory();
  const rib = new Rib({
    asn: asn(65000),
    routerId: "0.0.0.100" as RouterId,
    clusterId: "0.0.0.100" as RouterId,
    multipath: { maximumPaths: 1, asPathRelax: false },
  });
  for (let n = 1; n <= 1 + shape.receivers; n++) rib.peerUp(peerNumber(n));
  rib.settle(CHUNK);
  const fed = feed(rib, (start) => announcement(start, shape.each, shape.sets), shape.each);
  const held = memory() - before;
  const gone = feed(rib, (start) => withdrawal(start, shape.each), shape.each);
  process.stdout.write(
    `${shape.sets === 1 ? "one attribute set      " : `one for ${shape.each} prefixes     `} to ${String(shape.receivers).padStart(2)}:` +
      `  in ${fed.spent.toFixed(0).padStart(5)} ms, ${((1000 * fed.spent) / count).toFixed(2)} us a prefix, longest turn ${fed.longest.toFixed(0).padStart(3)} ms,` +
      ` ${(held / 2 ** 20).toFixed(0).padStart(4)} MB;  out ${gone.spent.toFixed(0).padStart(5)} ms, longest turn ${gone.longest.toFixed(0).padStart(3)} ms;` +
      ` ${fed.told} messages\n`,
  );
}

for (const receivers of [0, 1, 10]) {
  measure({ each: 512, sets: 1, receivers });
  measure({ each: 8, sets: count, receivers });
}
