import { type Family, familyOf } from "../../net/address.ts";
import { type Prefix, prefixFamily } from "../../net/prefix.ts";
import { ByteWriter } from "../../std/bytes.ts";
import { attributeCodes, attributeFlags, encodeAttributeList } from "./attribute.ts";
import { encodeAttributes } from "./attribute-writer.ts";
import { HEADER_LENGTH, MAX_EXTENDED_LENGTH, MAX_LENGTH } from "./header.ts";
import type { Announcement, Encoding, NextHop, RawAttribute, Update } from "./message.ts";
import { encodeReach, encodeUnreach } from "./multiprotocol.ts";
import { encodeNextHop } from "./next-hop.ts";
import { packPrefixes } from "./nlri.ts";

/** Octets for withdrawn routes, attributes and NLRI together, beside header and two length fields. */
function roomIn({ extendedMessages }: Encoding): number {
  return (extendedMessages ? MAX_EXTENDED_LENGTH : MAX_LENGTH) - HEADER_LENGTH - 4;
}

/**
 * Gives the octets behind the headers of as many messages as it takes: withdrawals first, and only one kind of NLRI
 * in each (RFC 7606 §5.1).
 *
 * Prefixes whose attributes are too long for any message are withdrawn instead (RFC 4271 §9.2): the peer must
 * not keep what it had before.
 *
 * @throws {RangeError} for an announcement without attributes, or of IPv6 with an IPv4 next hop
 */
export function encodeUpdate(update: Update, encoding: Encoding): Uint8Array[] {
  const shared = update.attributes && encodeAttributes(update.attributes, encoding);
  if (shared === undefined && update.announced.length > 0)
    throw new RangeError("announced without attributes");
  const room = roomIn(encoding);
  const withdrawn = [...update.withdrawn];
  const announced: Uint8Array[] = [];
  for (const route of update.announced.flatMap(byFamily)) {
    const bodies = encodeRoute(route, shared ?? [], room);
    if (bodies) announced.push(...bodies);
    else withdrawn.push(...route.prefixes);
  }
  return [...encodeWithdrawn(withdrawn, room), ...announced, ...encodeEndOfRib(update.endOfRib)];
}

interface Route {
  readonly family: Family;
  readonly nextHop: NextHop;
  readonly prefixes: readonly Prefix[];
}

function byFamily({ nextHop, prefixes }: Announcement): Route[] {
  const families: readonly Family[] = [4, 6];
  return families
    .map((family) => ({
      family,
      nextHop,
      prefixes: prefixes.filter((prefix) => prefixFamily(prefix) === family),
    }))
    .filter((route) => route.prefixes.length > 0);
}

/** @returns undefined if not even one prefix fits beside the attributes */
function encodeRoute(route: Route, shared: readonly RawAttribute[], room: number): Uint8Array[] | undefined {
  const { global, linkLocal } = route.nextHop;
  const isClassic = global !== undefined && linkLocal === undefined && familyOf(global) === 4;
  return isClassic ? encodeClassic(route, shared, room) : encodeMultiprotocol(route, shared, room);
}

function encodeClassic(
  route: Route,
  shared: readonly RawAttribute[],
  room: number,
): Uint8Array[] | undefined {
  if (route.family === 6) throw new RangeError("an IPv6 prefix has no IPv4 next hop");
  const { transitive: flags } = attributeFlags;
  const nextHop = { flags, code: attributeCodes.nextHop, value: encodeNextHop(route.nextHop) };
  const attributes = encodeAttributeList([...shared, nextHop]);
  return pack(route, room - attributes.length)?.map((nlri) => body({ attributes, nlri }));
}

function encodeMultiprotocol({ family, ...route }: Route, shared: readonly RawAttribute[], room: number) {
  const nextHop = encodeNextHop(route.nextHop);
  const withNlri = (nlri: Uint8Array) =>
    encodeAttributeList([...shared, encodeReach({ family, nextHop, nlri })]);
  const extendedLength = 1;
  const used = withNlri(new Uint8Array()).length + extendedLength;
  return pack({ family, ...route }, room - used)?.map((nlri) => body({ attributes: withNlri(nlri) }));
}

/** IPv4 in the classic field and IPv6 in MP_UNREACH_NLRI: every peer reads both. */
function encodeWithdrawn(prefixes: readonly Prefix[], room: number): Uint8Array[] {
  const ipv4 = prefixes.filter((prefix) => prefixFamily(prefix) === 4);
  const ipv6 = prefixes.filter((prefix) => prefixFamily(prefix) === 6);
  const attributeHeader = 4 + 3;
  return [
    ...packPrefixes(ipv4, room).map((withdrawn) => body({ withdrawn })),
    ...packPrefixes(ipv6, room - attributeHeader).map((nlri) =>
      body({ attributes: encodeAttributeList([encodeUnreach(6, nlri)]) }),
    ),
  ];
}

/** RFC 4724 §2. */
function encodeEndOfRib(family: Family | undefined): Uint8Array[] {
  if (family === undefined) return [];
  if (family === 4) return [body({})];
  return [body({ attributes: encodeAttributeList([encodeUnreach(6, new Uint8Array())]) })];
}

function pack({ family, prefixes }: Route, room: number): Uint8Array[] | undefined {
  const longest = family === 4 ? 5 : 17;
  return room < longest ? undefined : packPrefixes(prefixes, room);
}

function body(fields: { withdrawn?: Uint8Array; attributes?: Uint8Array; nlri?: Uint8Array }): Uint8Array {
  const none = new Uint8Array();
  const { withdrawn = none, attributes = none, nlri = none } = fields;
  return new ByteWriter()
    .prefixed16((w) => w.bytes(withdrawn))
    .prefixed16((w) => w.bytes(attributes))
    .bytes(nlri)
    .finish();
}
