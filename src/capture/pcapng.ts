import { ByteWriter } from "../std/bytes.ts";

// The PCAP Next Generation format (draft-ietf-opsawg-pcapng), in network order, which it leaves to the writer.
const SECTION_HEADER = 0x0a0d_0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b_3c4d;
const LINKTYPE_ETHERNET = 1;
const UNKNOWN_LENGTH = 0xffff_ffff;

const END_OF_OPTIONS = 0;
const IF_NAME = 2;
const EPB_FLAGS = 2;
const RECEIVED = 1;
const SENT = 2;

/** What a file begins with: it holds frames of these interfaces. */
export function pcapngHeader(...interfaceNames: readonly string[]): Uint8Array {
  const section = new ByteWriter()
    .u32(BYTE_ORDER_MAGIC)
    .u16(1)
    .u16(0)
    .u32(UNKNOWN_LENGTH)
    .u32(UNKNOWN_LENGTH);
  const file = new ByteWriter().bytes(block(SECTION_HEADER, section));
  for (const name of interfaceNames) file.bytes(block(INTERFACE_DESCRIPTION, describe(name)));
  return file.finish();
}

function describe(interfaceName: string): ByteWriter {
  const description = new ByteWriter().u16(LINKTYPE_ETHERNET).u16(0).u32(0);
  option(description, IF_NAME, new TextEncoder().encode(interfaceName));
  option(description, END_OF_OPTIONS, new Uint8Array());
  return description;
}

interface Packet {
  /** Which of the header's names, from 0 on. */
  readonly interfaceId?: number;
  /** Milliseconds since 1970-01-01 UTC, with fractions. */
  readonly time: number;
  readonly sent: boolean;
  readonly octets: Uint8Array;
}

/** One frame. */
export function pcapngPacket({ interfaceId = 0, time, sent, octets }: Packet): Uint8Array {
  const microseconds = Math.round(time * 1000);
  const packet = new ByteWriter()
    .u32(interfaceId)
    .u32(Math.floor(microseconds / 2 ** 32))
    .u32(microseconds % 2 ** 32)
    .u32(octets.length)
    .u32(octets.length);
  padded(packet, octets);
  option(packet, EPB_FLAGS, Uint8Array.of(0, 0, 0, sent ? SENT : RECEIVED));
  option(packet, END_OF_OPTIONS, new Uint8Array());
  return block(ENHANCED_PACKET, packet);
}

function block(type: number, body: ByteWriter): Uint8Array {
  const octets = body.finish();
  const length = octets.length + 12;
  return new ByteWriter().u32(type).u32(length).bytes(octets).u32(length).finish();
}

function option(writer: ByteWriter, code: number, value: Uint8Array): void {
  padded(writer.u16(code).u16(value.length), value);
}

/** Followed by zeros up to a multiple of four octets. */
function padded(writer: ByteWriter, octets: Uint8Array): void {
  writer.bytes(octets).bytes(new Uint8Array(-octets.length & 3));
}
