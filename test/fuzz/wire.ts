import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { decodeMessage, encodeMessages } from "../../src/bgp/wire/codec.ts";
import { describeMessage } from "../../src/bgp/wire/describe.ts";
import { Framer } from "../../src/bgp/wire/framer.ts";
import { type Encoding, type Message, type Update, WireError } from "../../src/bgp/wire/message.ts";
import { countOf, prefixesOf } from "../../src/bgp/wire/nlri.ts";
import * as arbitraries from "../bgp/wire/arbitraries.ts";
import { encodeText } from "../bgp/wire/octets.ts";
import { Random } from "./random.ts";

/**
 * Feeds the decoder with mutated messages for a while: whatever the octets, there must be messages or a WireError, and what
 * was decoded must encode, and decode to the same again.
 *
 *     node test/fuzz/wire.ts [MINUTES] [SEED]
 */

const [minutes = 1, seed = 1] = process.argv.slice(2).map(Number);
const random = new Random(seed);

const encodings: Encoding[] = [true, false].flatMap((fourOctetAsn) =>
  [true, false].flatMap((extendedNextHop) =>
    [true, false].flatMap((external) =>
      ([[], [4, 6]] as const).map(
        (paths): Encoding => ({
          fourOctetAsn,
          extendedNextHop,
          external,
          extendedMessages: false,
          families: [4, 6],
          addPath: { receive: paths, send: paths },
        }),
      ),
    ),
  ),
);

/** Valid messages, to which what mutation finds worth keeping is added. */
const corpus: Uint8Array[] = fc
  .sample(arbitraries.message, { numRuns: 500, seed })
  .flatMap((message) => encodeText(message, encodings[0]));

/** Outcomes seen: an input that leads to a new one is kept, as it may lead to more. */
const seen = new Set<string>();

const interesting = [0, 1, 2, 3, 4, 8, 16, 19, 23, 29, 32, 33, 64, 127, 128, 129, 254, 255];

function mutate(octets: Uint8Array): Uint8Array {
  let mutated = [...octets];
  for (let count = 1 + random.below(4); count > 0; count--) {
    const at = random.below(mutated.length + 1);
    switch (random.below(6)) {
      case 0:
        mutated[Math.min(at, mutated.length - 1)] = random.below(256);
        break;
      case 1:
        mutated[Math.min(at, mutated.length - 1)] = random.pick(interesting);
        break;
      case 2:
        mutated.splice(at, random.below(8));
        break;
      case 3:
        mutated.splice(at, 0, ...Array.from({ length: random.below(8) }, () => random.below(256)));
        break;
      case 4: {
        const donor = random.pick(corpus);
        const from = random.below(donor.length);
        mutated.splice(at, random.below(16), ...donor.subarray(from, from + random.below(64)));
        break;
      }
      default:
        mutated = [...mutated.slice(at), ...mutated.slice(0, at)];
    }
  }
  // A right header most of the time, or nothing would ever get past it.
  if (random.below(10) > 0 && mutated.length >= 19 && mutated.length <= 4096) {
    mutated.fill(0xff, 0, 16);
    mutated[16] = mutated.length >> 8;
    mutated[17] = mutated.length & 0xff;
    if (random.below(4) > 0) mutated[18] = 1 + random.below(5);
  }
  return Uint8Array.from(mutated);
}

/** What becomes of the octets, in a word or two. @throws whatever the codec must never throw */
function outcome(octets: Uint8Array, encoding: Encoding): string {
  const words: string[] = [];
  try {
    for (const frame of new Framer().push(octets)) {
      const message = decodeMessage(frame, encoding);
      describeMessage(message);
      words.push(wordFor(message));
      again(message, encoding);
    }
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    words.push(`${error.reason} ${error.message.replace(/\d+/g, "N")}`);
  }
  return words.join(", ");
}

function wordFor(message: Message): string {
  if (message.type !== "update") return message.type;
  const attributes = Object.keys(message.attributes ?? {}).join(" ");
  return `update ${attributes} ${message.errors.map(({ approach, attribute }) => `${approach} ${attribute}`).join(" ")}`;
}

/** What was decoded must encode, and mean the same again; an UPDATE may be taken apart. */
function again(message: Message, encoding: Encoding): void {
  const decoded = encodeMessages(message, encoding).flatMap((octets) =>
    Array.from(new Framer().push(octets), (frame) => decodeMessage(frame, encoding)),
  );
  const same =
    message.type === "update"
      ? countAll(decoded.filter((one) => one.type === "update")) === countAll([message])
      : isDeepStrictEqual(decoded, [message]);
  if (!same) throw new Error(`${describeMessage(message)} does not survive`);
}

/** Prefixes in all of them; those read as text, too, must be as many. */
function countAll(updates: readonly Update[]): number {
  const all = updates.flatMap(({ withdrawn, announced }) => [
    ...withdrawn,
    ...announced.map(({ nlri }) => nlri),
  ]);
  const count = all.reduce((sum, nlri) => sum + countOf(nlri), 0);
  if (prefixesOf(all).length !== count) throw new Error("counted and read prefixes differ");
  return count;
}

const end = performance.now() + minutes * 60_000;
let runs = 0;
while (performance.now() < end) {
  const octets = mutate(random.pick(corpus));
  const encoding = random.pick(encodings);
  runs++;
  try {
    const found = outcome(octets, encoding);
    if (seen.has(found)) continue;
    seen.add(found);
    corpus.push(octets);
  } catch (error) {
    process.stdout.write(`run ${runs} of seed ${seed}: ${Buffer.from(octets).toString("hex")}\n`);
    process.stdout.write(`${JSON.stringify(encoding)}\n${error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  }
}
process.stdout.write(`${runs} inputs, ${seen.size} different outcomes, nothing broken (seed ${seed})\n`);
