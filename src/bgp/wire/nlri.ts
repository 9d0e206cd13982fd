import {
  formatPrefix,
  type Prefix,
  prefixFamily,
  prefix as prefixOf,
  prefixParts,
} from "../../net/prefix.ts";
import { ByteWriter } from "../../std/bytes.ts";
import { type Nlri, WireError } from "./message.ts";

/** A prefix and, with ADD-PATH, the path identifier of one way to it (RFC 7911 §3). */
export interface PathPrefix {
  readonly prefix: Prefix;
  /** 0 where there is none. */
  readonly pathId: number;
}

/** Octets of a path identifier. */
export const PATH_ID_LENGTH = 4;

/**
 * NLRI of these prefixes, IPv4 before IPv6 and otherwise in their order; with path identifiers if the first of a family has
 * one. For small lists and tests.
 *
 * @throws {RangeError} for a text that is no prefix
 */
export function nlri(prefixes: readonly (string | PathPrefix)[]): Nlri[] {
  const all = prefixes.map((one) => (typeof one === "string" ? { prefix: prefixOf(one) } : one));
  return ([4, 6] as const).flatMap((family) => {
    const own = all.filter(({ prefix }) => prefixFamily(prefix) === family);
    const [first] = own;
    if (first === undefined) return [];
    const addPath = "pathId" in first;
    const writer = new ByteWriter();
    for (const one of own) {
      if (addPath) writer.u32("pathId" in one ? one.pathId : 0);
      writePrefix(writer, one.prefix);
    }
    return [{ family, addPath, octets: writer.finish() }];
  });
}

/** All prefixes as text, in their order; host bits that a peer left set are cleared. */
export function prefixesOf(list: Nlri | readonly Nlri[]): PathPrefix[] {
  const all = "octets" in list ? [list] : list;
  return all.flatMap((one) => [...eachPrefix(one)]);
}

/** The first prefixes as text, as many as there are up to `limit`. */
export function firstPrefixes(nlri: Nlri, limit: number): PathPrefix[] {
  const first: PathPrefix[] = [];
  for (const one of eachPrefix(nlri)) {
    if (first.length === limit) break;
    first.push(one);
  }
  return first;
}

/**
 * Counts the prefixes, looking at each length (RFC 4271 §4.3).
 *
 * @throws {WireError} 3/10 for a length out of range or an incomplete prefix (RFC 7606 §5.3)
 */
export function checkNlri({ family, addPath, octets }: Nlri): number {
  const most = family === 4 ? 32 : 128;
  const idLength = addPath ? PATH_ID_LENGTH : 0;
  const end = octets.length;
  let count = 0;
  for (let at = 0; at < end; count++) {
    at += idLength;
    const bits = octets[at] ?? 0;
    if (bits > most) throw new WireError("invalidNetworkField", `prefix length ${bits}`);
    at += 1 + ((bits + 7) >> 3);
    if (at > end) throw new WireError("invalidNetworkField", "the last prefix is incomplete");
  }
  return count;
}

/** How many prefixes there are. */
export function countOf({ addPath, octets }: Nlri): number {
  const idLength = addPath ? PATH_ID_LENGTH : 0;
  let count = 0;
  for (let at = 0; at < octets.length; count++)
    at += idLength + 1 + (((octets[at + idLength] ?? 0) + 7) >> 3);
  return count;
}

/** The end of the last whole prefix among the `room` octets from `start` on; `start` if not even one fits. */
export function cutNlri({ addPath, octets }: Nlri, start: number, room: number): number {
  const most = start + room;
  if (octets.length <= most) return octets.length;
  const idLength = addPath ? PATH_ID_LENGTH : 0;
  let at = start;
  for (;;) {
    const next = at + idLength + 1 + (((octets[at + idLength] ?? 0) + 7) >> 3);
    if (next > most) return at;
    at = next;
  }
}

function* eachPrefix({ family, addPath, octets }: Nlri): Generator<PathPrefix> {
  for (let at = 0; at < octets.length; ) {
    let pathId = 0;
    if (addPath)
      for (const end = at + PATH_ID_LENGTH; at < end; at++) pathId = pathId * 256 + (octets[at] ?? 0);
    const bits = octets[at++] ?? 0;
    const used = (bits + 7) >> 3;
    const network = new Uint8Array(family === 4 ? 4 : 16);
    network.set(octets.subarray(at, at + used));
    at += used;
    yield { prefix: formatPrefix(network, bits), pathId };
  }
}

function writePrefix(writer: ByteWriter, prefix: Prefix): void {
  const { octets, length } = prefixParts(prefix);
  writer.u8(length).range(octets, 0, (length + 7) >> 3);
}
