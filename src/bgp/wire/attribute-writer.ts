import { addressOctets, routerIdToNumber } from "../../net/address.ts";
import type { ByteWriter } from "../../std/bytes.ts";
import { type AsnWidth, asPathLength, writeAsn, writeAsPath } from "./as-path.ts";
import { as4PathFor } from "./as4-path.ts";
import { attributeFlags, attributeCodes as codes, writeAttributeHeader } from "./attribute.ts";
import { asnWidth } from "./attribute-rules.ts";
import { type Aggregator, origins } from "./attribute-values.ts";
import type { AsPathSegment, Encoding, PathAttributes, RawAttribute } from "./message.ts";

const { optional, transitive, partial } = attributeFlags;

/**
 * Appends the path attributes that all prefixes share, without next hop or NLRI, in ascending order. Those unknown to us
 * become partial (RFC 4271 §9).
 *
 * @returns where NEXT_HOP belongs, in octets behind where they begin
 */
export function writeAttributes(writer: ByteWriter, attributes: PathAttributes, encoding: Encoding): number {
  const begin = writer.length;
  const list = new AttributeWriter(writer, attributes);
  const width = asnWidth(encoding);
  list.known(codes.origin, transitive, 1).u8(origins.indexOf(attributes.origin));
  list.known(codes.asPath, transitive, asPathLength(attributes.asPath, width));
  writeAsPath(writer, attributes.asPath, width);
  const nextHopAt = writer.length - begin;
  const { med, localPref } = attributes;
  if (med !== undefined) list.known(codes.med, optional, 4).u32(med);
  if (localPref !== undefined) list.known(codes.localPref, transitive, 4).u32(localPref);
  if (attributes.atomicAggregate) list.known(codes.atomicAggregate, transitive, 0);
  if (attributes.aggregator) list.aggregator(codes.aggregator, attributes.aggregator, width);
  writeOptional(list, attributes, encoding);
  list.finish();
  return nextHopAt;
}

function writeOptional(list: AttributeWriter, attributes: PathAttributes, { fourOctetAsn }: Encoding): void {
  const { communities, originatorId, clusterList, extendedCommunities, largeCommunities } = attributes;
  if (communities?.length) {
    const writer = list.known(codes.communities, optional | transitive, 4 * communities.length);
    for (const community of communities) writer.u32(community);
  }
  if (originatorId) list.known(codes.originatorId, optional, 4).u32(routerIdToNumber(originatorId));
  if (clusterList?.length) {
    const writer = list.known(codes.clusterList, optional, 4 * clusterList.length);
    for (const cluster of clusterList) writer.u32(routerIdToNumber(cluster));
  }
  if (extendedCommunities?.length) {
    const writer = list.known(
      codes.extendedCommunities,
      optional | transitive,
      8 * extendedCommunities.length,
    );
    for (const digits of extendedCommunities) {
      writer.u32(Number.parseInt(digits.slice(0, 8), 16)).u32(Number.parseInt(digits.slice(8), 16));
    }
  }
  if (!fourOctetAsn) list.fourOctets(attributes);
  if (largeCommunities?.length) {
    const writer = list.known(codes.largeCommunities, optional | transitive, 12 * largeCommunities.length);
    for (const [global, local1, local2] of largeCommunities) writer.u32(global).u32(local1).u32(local2);
  }
  if (attributes.onlyToCustomer !== undefined) {
    list.known(codes.onlyToCustomer, optional | transitive, 4).u32(attributes.onlyToCustomer);
  }
}

/** Puts the attributes that nobody here knows between the others, by their codes. */
class AttributeWriter {
  readonly #writer: ByteWriter;
  readonly #partial: readonly number[] | undefined;
  readonly #unknown: readonly RawAttribute[];
  #written = 0;

  constructor(writer: ByteWriter, attributes: PathAttributes) {
    this.#writer = writer;
    this.#partial = attributes.partial;
    this.#unknown = sorted(attributes.unknown);
  }

  /** Writes the header of an attribute, for the value to follow. */
  known(code: number, flags: number, length: number): ByteWriter {
    if (this.#written < this.#unknown.length) this.#unknownBelow(code);
    const isPartial = this.#partial?.includes(code) && flags === (optional | transitive);
    writeAttributeHeader(this.#writer, { flags: isPartial ? flags | partial : flags, code }, length);
    return this.#writer;
  }

  aggregator(code: number, { asn, address }: Aggregator, width: AsnWidth): void {
    writeAsn(this.known(code, optional | transitive, width + 4), asn, width);
    this.#writer.bytes(addressOctets(address));
  }

  /** What a peer with two-octet ASNs passes on for others (RFC 6793 §4.2.2). */
  fourOctets({ asPath, aggregator }: { asPath: readonly AsPathSegment[]; aggregator?: Aggregator }): void {
    const as4Path = as4PathFor(asPath);
    if (as4Path) {
      this.known(codes.as4Path, optional | transitive, asPathLength(as4Path, 4));
      writeAsPath(this.#writer, as4Path, 4);
    }
    if (aggregator && aggregator.asn > 0xffff) this.aggregator(codes.as4Aggregator, aggregator, 4);
  }

  /** Writes those unknown that are left. */
  finish(): void {
    this.#unknownBelow(Number.POSITIVE_INFINITY);
  }

  #unknownBelow(code: number): void {
    for (; this.#written < this.#unknown.length; this.#written++) {
      const next = this.#unknown[this.#written];
      if (next === undefined || next.code > code) return;
      const { flags, code: own, value } = next;
      writeAttributeHeader(this.#writer, { flags: flags | partial, code: own }, value.length);
      this.#writer.bytes(value);
    }
  }
}

const none: readonly RawAttribute[] = [];

function sorted(unknown: readonly RawAttribute[] | undefined): readonly RawAttribute[] {
  if (unknown === undefined) return none;
  return unknown.length > 1 ? unknown.toSorted((a, b) => a.code - b.code) : unknown;
}
