import { decodeMessage } from "../bgp/wire/codec.ts";
import { describeMessage } from "../bgp/wire/describe.ts";
import { type Frame, Framer } from "../bgp/wire/framer.ts";
import { type Capability, type Encoding, type Message, type Open, WireError } from "../bgp/wire/message.ts";
import { afi, type Family } from "../net/address.ts";
import type { Segment } from "./segment.ts";
import { TcpStream } from "./tcp-stream.ts";

/** Octets of all ones before each message (RFC 4271 §4.1). */
const MARKER = 16;

/** What nearly all speakers settle, for those whose OPENs nobody has seen. */
const usual: Encoding = {
  fourOctetAsn: true,
  families: [4, 6],
  extendedNextHop: true,
  extendedMessages: true,
  external: true,
  addPath: { receive: [], send: [] },
};

/** Bits of a mode of ADD-PATH (RFC 7911 §4). */
const RECEIVES = 1;
const SENDS = 2;

/** What a message says. */
export interface Overheard {
  /** In words. */
  readonly text: string;
  /** With views in it, good until the next one is asked for; undefined if it cannot be read. */
  readonly message: Message | undefined;
  /** In octets, its header included; 0 if where it ends cannot be told. */
  readonly length: number;
}

/** One end's half of a connection. */
class Direction {
  readonly stream = new TcpStream(startsWithMarker);
  framer: Framer | undefined;
  open: Open | undefined;
  finished = false;
}

/** A TCP connection between two BGP speakers, overheard. */
export class BgpConversation {
  readonly #directions = new Map<string, Direction>();

  /** Whether nothing more can come. */
  get isOver(): boolean {
    return this.#directions.size === 2 && [...this.#directions.values()].every(({ finished }) => finished);
  }

  /** The messages that a segment completes. */
  *push(segment: Segment): Generator<Overheard, void, void> {
    const direction = this.#direction(segment);
    if (segment.fin || segment.rst) direction.finished = true;
    if (segment.rst) for (const each of this.#directions.values()) each.finished = true;
    for (const octets of direction.stream.push(segment)) yield* this.#read(direction, octets);
  }

  *#read(direction: Direction, octets: Uint8Array): Generator<Overheard, void, void> {
    try {
      direction.framer ??= createFramer();
      for (const frame of direction.framer.push(octets)) yield this.#describe(direction, frame);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      yield { text: `cannot be read: ${error.message}`, message: undefined, length: 0 };
      direction.framer = undefined;
      direction.stream.reset();
    }
  }

  #describe(direction: Direction, frame: Frame): Overheard {
    const { length } = frame.octets;
    try {
      const message = decodeMessage(frame, this.#encoding(direction));
      if (message.type === "open") direction.open = message;
      return { text: describeMessage(message), message, length };
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return { text: `malformed ${frame.type}: ${error.message}`, message: undefined, length };
    }
  }

  #direction({ from: { address, port } }: Segment): Direction {
    const key = `${address} ${port}`;
    const known = this.#directions.get(key) ?? new Direction();
    this.#directions.set(key, known);
    return known;
  }

  /** RFC 5492: what both have, for messages of one of them. */
  #encoding(direction: Direction): Encoding {
    const sender = direction.open;
    const receiver = [...this.#directions.values()].find((each) => each !== direction)?.open;
    if (sender === undefined || receiver === undefined) return usual;
    const both = (type: Capability["type"]) =>
      [sender, receiver].every(({ capabilities }) =>
        capabilities.some((capability) => capability.type === type),
      );
    const withPaths = usual.families.filter(
      (family) => addsPaths(sender, family, SENDS) && addsPaths(receiver, family, RECEIVES),
    );
    return {
      ...usual,
      fourOctetAsn: both("fourOctetAsn"),
      extendedNextHop: both("extendedNextHop"),
      external: sender.asn !== receiver.asn,
      addPath: { receive: withPaths, send: [] },
    };
  }
}

/** A mode beyond 3 counts as none (RFC 7911 §4). */
function addsPaths({ capabilities }: Open, family: Family, mode: typeof RECEIVES | typeof SENDS): boolean {
  const entries = capabilities.flatMap((each) => (each.type === "addPath" ? each.entries : []));
  return entries.some(
    (entry) => entry.afi === afi(family) && entry.safi === 1 && entry.mode <= 3 && (entry.mode & mode) !== 0,
  );
}

function createFramer(): Framer {
  const framer = new Framer();
  framer.allowExtended();
  return framer;
}

function startsWithMarker(payload: Uint8Array): boolean {
  return payload.length >= MARKER && payload.subarray(0, MARKER).every((octet) => octet === 0xff);
}
