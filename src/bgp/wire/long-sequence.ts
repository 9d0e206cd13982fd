import { u32At } from "../../std/bytes.ts";
import type { AttributeField } from "./attribute.ts";
import type { Asns, AsPathSegment } from "./message.ts";

/** A sequence of so many AS numbers is long. */
const LONG = 32;

/** RFC 4271 §4.3: a segment's AS numbers are counted in one octet. */
const LONGEST = 255;

/** AS numbers that share a piece of memory: most of a large lab is AS paths, and the collector looks after a piece as after one. */
const PIECE = 1 << 14;

/** A power of 2. */
const PLACES = 1 << 15;

/** How many AS numbers at each end a hash is made of. */
const HASHED = 8;

/** Where a sequence is put together. */
const draft = new Uint32Array(LONGEST);

let piece = new Uint32Array(0);
let filled = 0;

/** The last sequence with each hash. */
const recent: (AsPathSegment | undefined)[] = [];

/** Whether a segment is for the functions below. */
export function isLong(type: AsPathSegment["type"], count: number): boolean {
  return type === "sequence" && count >= LONG && count <= LONGEST;
}

/**
 * Reads a long sequence. What a router tells is what its peer hears: it is the same object if a router of this process has
 * just made or read the same.
 *
 * @param field AS numbers of four octets
 * @returns undefined if AS 0 is among them (RFC 7607 §2)
 */
export function readLongSequence({
  octets,
  start,
  end,
}: Pick<AttributeField, "octets" | "start" | "end">): AsPathSegment | undefined {
  const count = (end - start) >>> 2;
  for (let index = 0, at = start; index < count; index++, at += 4) {
    const asn = u32At(octets, at);
    if (asn === 0) return undefined;
    draft[index] = asn;
  }
  return shared(count);
}

/** The long sequence of an AS number and others behind it, likewise. */
export function longSequenceOf(first: number, others: Asns): AsPathSegment {
  draft[0] = first;
  draft.set(others, 1);
  return shared(1 + others.length);
}

/** 32 bits that are the same for the same AS numbers. Of a long list it is about the ends, where paths differ. */
export function hashAsns(asns: Asns, count = asns.length): number {
  let hash = count;
  const skipped = count > 2 * HASHED ? count - 2 * HASHED : 0;
  for (let index = 0; index < count; index++) {
    if (index === HASHED) index += skipped;
    hash = Math.imul(hash ^ (asns[index] as number), 0x0100_0193) ^ (hash >>> 15);
  }
  return hash;
}

/** The sequence of the first so many AS numbers of the draft. */
function shared(count: number): AsPathSegment {
  const hash = hashAsns(draft, count);
  const place = (hash ^ (hash >>> 15)) & (PLACES - 1);
  const known = recent[place];
  if (known && isDraft(known.asns, count)) return known;
  const sequence: AsPathSegment = { type: "sequence", asns: copyOfDraft(count) };
  recent[place] = sequence;
  return sequence;
}

function isDraft(asns: Asns, count: number): boolean {
  if (asns.length !== count) return false;
  for (let index = 0; index < count; index++) if (asns[index] !== draft[index]) return false;
  return true;
}

function copyOfDraft(count: number): Uint32Array {
  if (filled + count > piece.length) {
    piece = new Uint32Array(PIECE);
    filled = 0;
  }
  for (let index = 0; index < count; index++) piece[filled + index] = draft[index] as number;
  const copy = new Uint32Array(piece.buffer, 4 * filled, count);
  filled += count;
  return copy;
}
