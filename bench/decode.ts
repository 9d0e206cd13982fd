import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { decodeMessage, encodeBatch } from "../src/bgp/wire/codec.ts";
import { Framer } from "../src/bgp/wire/framer.ts";
import { type Encoding, emptyUpdate, type NextHop, type Update } from "../src/bgp/wire/message.ts";
import { countOf } from "../src/bgp/wire/nlri.ts";
import type { Address } from "../src/net/address.ts";

/**
 * What reading and writing UPDATEs costs, beside the floor of only cutting the stream into messages in the same run: packed
 * messages of 800 prefixes, and messages of 8 prefixes with an AS path each.
 *
 *     node bench/decode.ts [ROUNDS]      10 rounds unless given; the best counts
 */

const rounds = Number(process.argv[2] ?? 10);

/** Octets of one read from a socket. */
const CHUNK = 65_536;

const encoding: Encoding = {
  fourOctetAsn: true,
  families: [4, 6],
  extendedNextHop: true,
  extendedMessages: false,
  external: true,
  addPath: { receive: [], send: [] },
};

/** As between numbered and between unnumbered peers. */
const classic: NextHop = { global: "192.0.2.1" as Address };
const linkLocal: NextHop = { linkLocal: "fe80::1" as Address };

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** /24 prefixes from the `first` on. */
function prefixes(first: number, count: number): Uint8Array {
  const octets = new Uint8Array(4 * count);
  for (let index = 0; index < count; index++) {
    const number = first + index;
    octets.set([24, 1 + (number >> 16), number >> 8, number], 4 * index);
  }
  return octets;
}

/** Five attributes, and an AS path of four that no other message has. */
function update(index: number, count: number): Update {
  const nlri = { family: 4, addPath: false, octets: prefixes(index * count, count) } as const;
  return {
    ...emptyUpdate,
    announced: [{ nextHop: {}, nlri }],
    attributes: {
      origin: "igp",
      asPath: [{ type: "sequence", asns: [64512, 4_200_000_000, 1 + (index & 0xffff), 65536 + index] }],
      med: 100,
      communities: [0xfc00_0064, 0xfc00_0065],
    },
  };
}

interface Workload {
  readonly name: string;
  readonly updates: readonly Update[];
  readonly nextHop: NextHop;
}

const packed = Array.from({ length: 1_000 }, (_, index) => update(index, 800));
const small = Array.from({ length: 60_000 }, (_, index) => update(index, 8));

const workloads: readonly Workload[] = [
  { name: "800 prefixes", updates: packed, nextHop: classic },
  { name: "8 prefixes", updates: small, nextHop: classic },
  { name: "8 prefixes over IPv6 link-local", updates: small, nextHop: linkLocal },
];

function* chunksOf(stream: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < stream.length; at += CHUNK) yield stream.subarray(at, at + CHUNK);
}

function frame(stream: Uint8Array): number {
  const framer = new Framer();
  let octets = 0;
  for (const chunk of chunksOf(stream)) for (const one of framer.push(chunk)) octets += one.octets.length;
  return octets;
}

function decode(stream: Uint8Array): number {
  const framer = new Framer();
  let prefixes = 0;
  for (const chunk of chunksOf(stream)) {
    for (const one of framer.push(chunk)) {
      const message = decodeMessage(one, encoding);
      if (message.type !== "update") continue;
      for (const { nlri } of message.announced) prefixes += countOf(nlri);
    }
  }
  return prefixes;
}

/** Some hundred messages at once, as a flush to a peer. */
function encode({ updates, nextHop }: Workload): number {
  let octets = 0;
  for (let at = 0; at < updates.length; at += 500) {
    octets += encodeBatch(updates.slice(at, at + 500), encoding, () => nextHop).octets.length;
  }
  return octets;
}

/** Microseconds of the best round, a message. */
function time(count: number, work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return (best * 1000) / count;
}

/** Octets of heap that `work` takes for each of `count` messages, garbage included; few enough that nothing is collected in between. */
function allocated(count: number, work: () => void): number {
  const deltas = Array.from({ length: 15 }, () => {
    collect();
    const before = process.memoryUsage().heapUsed;
    work();
    return process.memoryUsage().heapUsed - before;
  });
  return (deltas.toSorted((a, b) => a - b)[7] ?? 0) / count;
}

/** Octets on the heap and in buffers that the results of `work` keep, each. */
function retained(count: number, work: () => unknown[]): number {
  const used = () => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = used();
  const results = work();
  const after = used();
  return results.length > 0 ? (after - before) / count : 0;
}

function decodeAll(stream: Uint8Array): Update[] {
  const updates: Update[] = [];
  for (const one of new Framer().push(stream)) {
    const message = decodeMessage(one, encoding);
    if (message.type === "update") updates.push(message);
  }
  return updates;
}

for (const workload of workloads) {
  const { name, updates, nextHop } = workload;
  const stream = encodeBatch(updates, encoding, () => nextHop).octets;
  const count = updates.length;
  const perMessage = decode(stream) / count;
  const floor = time(count, () => frame(stream));
  const line = (what: string, microseconds: number) => {
    const cells = [
      what.padEnd(8),
      `${microseconds.toFixed(2).padStart(6)} µs a message`,
      `${Math.round(1e6 / microseconds)
        .toLocaleString("en")
        .padStart(10)} messages/s`,
      `${Math.round((1e6 * perMessage) / microseconds)
        .toLocaleString("en")
        .padStart(12)} prefixes/s`,
      `${(microseconds / floor).toFixed(1).padStart(5)} × floor`,
    ];
    process.stdout.write(`  ${cells.join("  ")}\n`);
  };
  process.stdout.write(`${name} in a message of ${Math.round(stream.length / count)} octets\n`);
  line("floor", floor);
  line(
    "decode",
    time(count, () => decode(stream)),
  );
  line(
    "encode",
    time(count, () => encode(workload)),
  );
  const few = encodeBatch(updates.slice(0, 500), encoding, () => nextHop).octets;
  const taken = Math.round(allocated(500, () => decode(few)));
  const kept = Math.round(retained(count, () => decodeAll(stream)));
  process.stdout.write(`  decoding allocates ${taken} octets a message, of which the UPDATE keeps ${kept}\n`);
}
