/** Streams of BGP messages that announce and withdraw many IPv4 prefixes, made before anything is measured. */

/** How path attributes differ: one set for all prefixes, or another AS path for every 8 of them. */
export const routeSets = ["same", "differing"] as const;

export type RouteSet = (typeof routeSets)[number];

export interface Routes {
  readonly count: number;
  readonly set: RouteSet;
  /** The first AS of each path. */
  readonly asn: number;
  /** An IPv6 address of 16 octets in MP_REACH_NLRI (RFC 8950), or an IPv4 address of 4 octets in NEXT_HOP. */
  readonly nextHop: Uint8Array;
}

const HEADER_LENGTH = 19;
const MAX_LENGTH = 4096;
const LONGEST_PREFIX = 5;

/** All prefixes in as few messages as the attributes allow: packed full, or 8 in each. */
export function announcements(routes: Routes): Uint8Array {
  const perMessage = routes.set === "differing" ? 8 : Number.POSITIVE_INFINITY;
  const writer = new MessageWriter(routes.count * (routes.set === "differing" ? 16 : 6) + MAX_LENGTH);
  for (let next = 0; next < routes.count; ) {
    const message = writer.begin();
    writer.u16(0);
    const end = Math.min(routes.count, next + perMessage);
    next =
      routes.nextHop.length === 4
        ? classic(writer, routes, next, end)
        : multiprotocol(writer, routes, next, end);
    writer.end(message);
  }
  return writer.octets;
}

/** The same prefixes in the field of RFC 4271, which every speaker reads, packed full. */
export function withdrawals({ count }: Pick<Routes, "count">): Uint8Array {
  const writer = new MessageWriter(count * 6 + MAX_LENGTH);
  for (let next = 0; next < count; ) {
    const message = writer.begin();
    const length = writer.u16(0);
    next = nlri(writer, next, { count, room: MAX_LENGTH - HEADER_LENGTH - 4 });
    writer.patch(length);
    writer.u16(0);
    writer.end(message);
  }
  return writer.octets;
}

function classic(writer: MessageWriter, routes: Routes, first: number, end: number): number {
  const attributes = writer.u16(0);
  common(writer, routes, first);
  writer.bytes(0x40, 3, 4, ...routes.nextHop);
  const used = writer.patch(attributes);
  return nlri(writer, first, { count: end, room: MAX_LENGTH - HEADER_LENGTH - 4 - used });
}

function multiprotocol(writer: MessageWriter, routes: Routes, first: number, end: number): number {
  const attributes = writer.u16(0);
  const start = writer.length;
  common(writer, routes, first);
  writer.bytes(0x90, 14);
  const reach = writer.u16(0);
  writer.bytes(0, 1, 1, routes.nextHop.length, ...routes.nextHop, 0);
  const room = MAX_LENGTH - HEADER_LENGTH - 4 - (writer.length - start);
  const next = nlri(writer, first, { count: end, room });
  writer.patch(reach);
  writer.patch(attributes);
  return next;
}

/** ORIGIN and an AS_PATH of 3 to 5 ASNs, of which the last two tell the sets apart. */
function common(writer: MessageWriter, { asn, set }: Routes, first: number): void {
  writer.bytes(0x40, 1, 1, 0);
  const group = set === "same" ? 0 : first >> 3;
  const middle = Array.from({ length: group % 3 }, (_, index) => 3000 + ((group * 7 + index * 131) % 5000));
  const path = [asn, ...middle, 10_000 + (group & 0x3fff), 100_000 + (group >> 14)];
  writer.bytes(0x40, 2, 2 + path.length * 4, 2, path.length);
  for (const each of path) writer.u32(each);
}

/** Writes prefixes until they are `count` in all or the room is full. @returns the number of the next one */
function nlri(
  writer: MessageWriter,
  first: number,
  { count, room }: { count: number; room: number },
): number {
  let next = first;
  for (let left = room; next < count && left >= LONGEST_PREFIX; next++) left -= writePrefix(writer, next);
  return next;
}

function writePrefix(writer: MessageWriter, number: number): number {
  const { block, length } = numbered(number);
  writer.bytes(length, 16 + (block >> 16), (block >> 8) & 0xff, block & 0xff);
  if (length === 24) return 4;
  writer.bytes(0);
  return 5;
}

/** Each number up to 2^20 has a /24 of 16.0.0.0/4 of its own, in scattered order; its prefix is that or one in it. */
function numbered(number: number): { block: number; length: number } {
  const block = Math.imul(number, 0x9e37_79b1) & 0xf_ffff;
  return { block, length: 24 + (number % 11 < 3 ? number % 9 : 0) };
}

/** A prefix as text, by its place in the stream. */
export function prefixOf(number: number): string {
  const { block, length } = numbered(number);
  return `${16 + (block >> 16)}.${(block >> 8) & 0xff}.${block & 0xff}.0/${length}`;
}

/** Grows as it is filled; fields of 16 bits can be filled in later. */
class MessageWriter {
  #octets: Uint8Array;
  length = 0;

  constructor(expected: number) {
    this.#octets = new Uint8Array(expected);
  }

  get octets(): Uint8Array {
    return this.#octets.subarray(0, this.length);
  }

  /** Starts an UPDATE. @returns where, for `end` */
  begin(): number {
    const start = this.length;
    for (let count = 0; count < 16; count++) this.bytes(0xff);
    this.u16(0);
    this.bytes(2);
    return start;
  }

  end(start: number): void {
    this.#set16(start + 16, this.length - start);
  }

  bytes(...values: number[]): void {
    this.#reserve(values.length);
    for (const value of values) this.#octets[this.length++] = value;
  }

  /** @returns where it stands, for `patch` */
  u16(value: number): number {
    this.bytes(value >> 8, value & 0xff);
    return this.length - 2;
  }

  u32(value: number): void {
    this.bytes(value >>> 24, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff);
  }

  /** Fills a length in with the octets that have come since. @returns how many */
  patch(at: number): number {
    const length = this.length - at - 2;
    this.#set16(at, length);
    return length;
  }

  #set16(at: number, value: number): void {
    this.#octets[at] = value >> 8;
    this.#octets[at + 1] = value & 0xff;
  }

  #reserve(more: number): void {
    if (this.length + more <= this.#octets.length) return;
    const larger = new Uint8Array((this.length + more) * 2);
    larger.set(this.octets);
    this.#octets = larger;
  }
}
