import { type Address, isLinkLocal } from "../net/address.ts";
import { ByteReader, ByteWriter, TruncatedError } from "../std/bytes.ts";
import { formatMac, macOctets } from "./mac.ts";

/** A Router Advertisement, as far as finding a peer needs it (RFC 4861 §4.2). */
export interface RouterAdvertisement {
  readonly type: "routerAdvertisement";
  /** What hosts should put in their packets; 0 for no advice. */
  readonly hopLimit: number;
  /** Seconds for which the sender is a default router; 0 for never. */
  readonly lifetime: number;
  /** The sender's link-layer address, which also tells our own packets from others'. */
  readonly sourceMac: string | undefined;
  /** The longest time between two advertisements to all nodes (RFC 6275 §7.3). */
  readonly intervalMs: number | undefined;
}

/** A Router Solicitation (RFC 4861 §4.1). */
export interface RouterSolicitation {
  readonly type: "routerSolicitation";
  readonly sourceMac: string | undefined;
}

/** A packet that must be ignored, and why (RFC 4861 §6.1). */
export interface InvalidDiscovery {
  readonly type: "invalid";
  readonly reason: string;
}

/** How a packet arrived, for the rules that reach beyond its octets. */
export interface Arrival {
  readonly from: Address;
  readonly hopLimit: number;
}

const RS = 133;
const RA = 134;
const SOURCE_LINK_LAYER_ADDRESS = 1;
const ADVERTISEMENT_INTERVAL = 7;

/** Every message goes out and must arrive with this, or it has crossed a router (RFC 4861 §6.1). */
const DISCOVERY_HOP_LIMIT = 255;

/** An ICMPv6 message; its checksum is left to the kernel. */
export function encodeDiscovery(message: RouterAdvertisement | RouterSolicitation): Uint8Array {
  const writer = new ByteWriter();
  if (message.type === "routerSolicitation") writer.u8(RS).u8(0).u16(0).u32(0);
  else {
    writer.u8(RA).u8(0).u16(0).u8(message.hopLimit).u8(0).u16(message.lifetime);
    writer.u32(0).u32(0); // no advice on reachable time and retransmission
  }
  if (message.sourceMac !== undefined) {
    writer.u8(SOURCE_LINK_LAYER_ADDRESS).u8(1).bytes(macOctets(message.sourceMac));
  }
  if (message.type === "routerAdvertisement" && message.intervalMs !== undefined) {
    writer.u8(ADVERTISEMENT_INTERVAL).u8(1).u16(0).u32(message.intervalMs);
  }
  return writer.finish();
}

/** Reads and validates an ICMPv6 message. Never throws: whatever is wrong makes it `invalid` (RFC 4861 §6.1.1, §6.1.2). */
export function decodeDiscovery(
  packet: Uint8Array,
  arrival: Arrival,
): RouterAdvertisement | RouterSolicitation | InvalidDiscovery {
  if (arrival.hopLimit !== DISCOVERY_HOP_LIMIT) return invalid(`hop limit ${arrival.hopLimit} is not 255`);
  try {
    return readMessage(new ByteReader(packet), arrival);
  } catch (error) {
    if (error instanceof TruncatedError) return invalid(error.message);
    throw error;
  }
}

function readMessage(
  r: ByteReader,
  { from }: Arrival,
): RouterAdvertisement | RouterSolicitation | InvalidDiscovery {
  const type = r.u8();
  const code = r.u8();
  r.u16(); // the kernel has checked the sum
  if (code !== 0) return invalid(`code ${code} is not 0`);
  if (type === RS) return readSolicitation(r, from);
  if (type === RA) return readAdvertisement(r, from);
  return invalid(`ICMPv6 type ${type} is no router discovery`);
}

function readSolicitation(r: ByteReader, from: Address): RouterSolicitation | InvalidDiscovery {
  r.u32(); // reserved
  const options = readOptions(r);
  if (options.type === "invalid") return options;
  if (from === "::" && options.sourceMac !== undefined) {
    return invalid("a source link-layer address without a source address");
  }
  return { type: "routerSolicitation", sourceMac: options.sourceMac };
}

function readAdvertisement(r: ByteReader, from: Address): RouterAdvertisement | InvalidDiscovery {
  if (!isLinkLocal(from)) return invalid(`source ${from} is not link-local`);
  const hopLimit = r.u8();
  r.u8(); // managed and other-configuration flags
  const lifetime = r.u16();
  r.u32(); // reachable time
  r.u32(); // retransmission timer
  const options = readOptions(r);
  if (options.type === "invalid") return options;
  return { ...options, type: "routerAdvertisement", hopLimit, lifetime };
}

interface Options {
  readonly type: "options";
  readonly sourceMac: string | undefined;
  readonly intervalMs: number | undefined;
}

/** Unknown options are skipped (RFC 4861 §4.6); lengths count eight octets. */
function readOptions(r: ByteReader): InvalidDiscovery | Options {
  let sourceMac: string | undefined;
  let intervalMs: number | undefined;
  while (r.remaining > 0) {
    const type = r.u8();
    const length = r.u8();
    if (length === 0) return invalid(`option ${type} has length 0`);
    const value = r.bytes(8 * length - 2);
    if (type === SOURCE_LINK_LAYER_ADDRESS && length === 1) sourceMac = formatMac(value);
    if (type === ADVERTISEMENT_INTERVAL && length === 1) {
      intervalMs = new DataView(value.buffer, value.byteOffset).getUint32(2) || undefined;
    }
  }
  return { type: "options", sourceMac, intervalMs };
}

function invalid(reason: string): InvalidDiscovery {
  return { type: "invalid", reason };
}
