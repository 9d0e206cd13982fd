import { type Family, familyOf } from "../../net/address.ts";
import { ByteWriter } from "../../std/bytes.ts";
import { attributeCodes, attributeFlags, writeAttributeHeader } from "./attribute.ts";
import { writeAttributes } from "./attribute-writer.ts";
import { HEADER_LENGTH, maxLength, writeHeader } from "./header.ts";
import type { Encoding, NextHop, Nlri, PathAttributes, Update } from "./message.ts";
import { reachLength, UNREACH_LENGTH, writeReach, writeUnreach } from "./multiprotocol.ts";
import { encodeNextHop } from "./next-hop.ts";
import { cutNlri, PATH_ID_LENGTH } from "./nlri.ts";

/** The sender's next hop on a session, for prefixes of that family that are announced without one. */
export type OwnNextHop = (family: Family) => NextHop;

/** For what needs none. @throws {RangeError} always */
export function noNextHop(family: Family): NextHop {
  throw new RangeError(`nobody said what the next hop of IPv${family} is`);
}

/** Writes UPDATEs for one session, or for several whose messages are the same, headers included. */
export class UpdateEncoder {
  readonly #writer: ByteWriter;
  readonly #encoding: Encoding;
  readonly #ownNextHop: OwnNextHop;
  /** Octets for withdrawn routes, attributes and NLRI together, beside header and two length fields. */
  readonly #room: number;
  /** The attributes that all messages of one UPDATE repeat, and where NEXT_HOP belongs among them. */
  readonly #shared = new ByteWriter(256);
  #nextHopAt = 0;
  #count = 0;

  constructor(writer: ByteWriter, encoding: Encoding, ownNextHop: OwnNextHop) {
    this.#writer = writer;
    this.#encoding = encoding;
    this.#ownNextHop = ownNextHop;
    this.#room = maxLength(encoding) - HEADER_LENGTH - 4;
  }

  /** How many messages were written. */
  get count(): number {
    return this.#count;
  }

  /**
   * Appends as many messages as it takes: withdrawals first, and only one kind of NLRI in each (RFC 7606 §5.1); none for an
   * UPDATE that changes nothing.
   *
   * Prefixes whose attributes are too long for any message are withdrawn instead (RFC 4271 §9.2): the peer must not keep
   * what it had before.
   *
   * @throws {RangeError} for an announcement without attributes, of IPv6 with an IPv4 next hop, or for path identifiers
   *   where the peer expects none, and the other way round
   */
  encode({ withdrawn, announced, attributes, endOfRib }: Update): void {
    for (const nlri of withdrawn) this.#withdraw(nlri);
    if (announced.length > 0) this.#share(attributes);
    for (const { nextHop, nlri } of announced) {
      if (nlri.octets.length === 0) continue;
      const { global, linkLocal } = nextHop;
      const isOwn = global === undefined && linkLocal === undefined;
      if (!this.#announce(nlri, isOwn ? this.#ownNextHop(nlri.family) : nextHop)) this.#withdraw(nlri);
    }
    if (endOfRib !== undefined) this.#endOfRib(endOfRib);
  }

  #share(attributes: PathAttributes | undefined): void {
    if (attributes === undefined) throw new RangeError("announced without attributes");
    this.#shared.clear();
    this.#nextHopAt = writeAttributes(this.#shared, attributes, this.#encoding);
  }

  /** @returns false if not even one prefix fits beside the attributes */
  #announce(nlri: Nlri, nextHop: NextHop): boolean {
    this.#checkPathIds(nlri);
    const { global, linkLocal } = nextHop;
    const isClassic = global !== undefined && linkLocal === undefined && familyOf(global) === 4;
    if (isClassic && nlri.family === 6) throw new RangeError("an IPv6 prefix has no IPv4 next hop");
    const hop = encodeNextHop(nextHop);
    const beside = isClassic ? NEXT_HOP_LENGTH : LONGEST_HEADER + reachLength(hop);
    const room = this.#room - this.#shared.length - beside;
    if (room < longestPrefix(nlri)) return false;
    for (let start = 0; start < nlri.octets.length; ) {
      const end = cutNlri(nlri, start, room);
      if (isClassic) this.#classic(hop, { nlri, start, end });
      else this.#multiprotocol(hop, { nlri, start, end });
      start = end;
    }
    return true;
  }

  #classic(nextHop: Uint8Array, { nlri, start, end }: Part): void {
    const shared = this.#shared.view();
    const attributes = shared.length + NEXT_HOP_LENGTH;
    this.#begin(attributes + end - start);
    this.#writer.u16(0).u16(attributes).range(shared, 0, this.#nextHopAt);
    writeAttributeHeader(this.#writer, nextHopHeader, nextHop.length);
    this.#writer.bytes(nextHop).range(shared, this.#nextHopAt, shared.length);
    this.#writer.range(nlri.octets, start, end);
  }

  /** MP_REACH_NLRI before the others, so that it survives errors in them (RFC 7606 §5.1). */
  #multiprotocol(nextHop: Uint8Array, { nlri, start, end }: Part): void {
    const shared = this.#shared.view();
    const count = end - start;
    const attributes = withHeader(reachLength(nextHop) + count) + shared.length;
    this.#begin(attributes);
    this.#writer.u16(0).u16(attributes);
    writeReach(this.#writer, { family: nlri.family, nextHop }, count);
    this.#writer.range(nlri.octets, start, end).bytes(shared);
  }

  /** IPv4 in the classic field and IPv6 in MP_UNREACH_NLRI: every peer reads both. */
  #withdraw(nlri: Nlri): void {
    this.#checkPathIds(nlri);
    const { family, octets } = nlri;
    const room = family === 4 ? this.#room : this.#room - LONGEST_HEADER - UNREACH_LENGTH;
    for (let start = 0; start < octets.length; ) {
      const end = cutNlri(nlri, start, room);
      if (family === 4) {
        this.#begin(end - start);
        this.#writer
          .u16(end - start)
          .range(octets, start, end)
          .u16(0);
      } else {
        this.#unreach(end - start).range(octets, start, end);
      }
      start = end;
    }
  }

  /** RFC 4724 §2. */
  #endOfRib(family: Family): void {
    if (family === 6) {
      this.#unreach(0);
    } else {
      this.#begin(0);
      this.#writer.u32(0);
    }
  }

  /** Everything before so many octets of IPv6 NLRI. */
  #unreach(count: number): ByteWriter {
    const attributes = withHeader(UNREACH_LENGTH + count);
    this.#begin(attributes);
    this.#writer.u16(0).u16(attributes);
    writeUnreach(this.#writer, 6, count);
    return this.#writer;
  }

  #begin(fields: number): void {
    writeHeader(this.#writer, "update", 4 + fields);
    this.#count++;
  }

  /** Octets that the peer would take for others must not leave. */
  #checkPathIds({ family, addPath }: Nlri): void {
    if (addPath === this.#encoding.addPath.send.includes(family)) return;
    throw new RangeError(`path identifiers of IPv${family}: ${addPath ? "not negotiated" : "missing"}`);
  }
}

/** Some of the octets of NLRI, cut between prefixes. */
interface Part {
  readonly nlri: Nlri;
  readonly start: number;
  readonly end: number;
}

/** Octets before the value of an attribute with an extended length. */
const LONGEST_HEADER = 4;
/** Octets of NEXT_HOP, header included. */
const NEXT_HOP_LENGTH = 3 + 4;

const nextHopHeader = { flags: attributeFlags.transitive, code: attributeCodes.nextHop };

function withHeader(length: number): number {
  return length + (length > 0xff ? 4 : 3);
}

function longestPrefix({ family, addPath }: Nlri): number {
  return (addPath ? PATH_ID_LENGTH : 0) + 1 + (family === 4 ? 4 : 16);
}
