import type { SocketName } from "../../src/capture/segment.ts";
import { type Address, addressOctets } from "../../src/net/address.ts";
import { ByteWriter } from "../../src/std/bytes.ts";

export const r1: SocketName = { address: "fe80::1" as Address, port: 40_000 };
export const r2: SocketName = { address: "fe80::2" as Address, port: 179 };

interface Fields {
  readonly from?: SocketName;
  readonly to?: SocketName;
  readonly sequence?: number;
  /** FIN 1, SYN 2, RST 4, ACK 16. */
  readonly flags?: number;
  readonly payload?: Uint8Array;
}

/** An Ethernet frame with a TCP segment in it, from `r1` to `r2` unless said otherwise; with four octets of options. */
export function frame(fields: Fields = {}): Uint8Array {
  const { from = r1, to = r2, sequence = 0, flags = 0x10, payload = new Uint8Array() } = fields;
  const tcp = new ByteWriter();
  tcp.u16(from.port).u16(to.port).u32(sequence).u32(0).u8(0x60).u8(flags).u16(1024).u32(0).u32(0x01010101);
  tcp.bytes(payload);
  const body = tcp.finish();
  const ethernet = new ByteWriter().bytes(new Uint8Array(12));
  const addresses = [from, to].map(({ address }) => addressOctets(address));
  if (from.address.includes(":")) {
    ethernet.u16(0x86dd).u32(0x6000_0000).u16(body.length).u8(6).u8(64);
  } else {
    ethernet
      .u16(0x0800)
      .u16(0x4500)
      .u16(20 + body.length)
      .u32(0)
      .u8(64)
      .u8(6)
      .u16(0);
  }
  for (const octets of addresses) ethernet.bytes(octets);
  return ethernet.bytes(body).finish();
}
