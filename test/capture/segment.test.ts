import fc from "fast-check";
import t from "tap";
import { decodeSegment } from "../../src/capture/segment.ts";
import type { Address } from "../../src/net/address.ts";
import { frame, r1, r2 } from "./frames.ts";

const payload = Uint8Array.of(1, 2, 3);
const inIpv4 = {
  from: { address: "10.0.0.1" as Address, port: 179 },
  to: { address: "10.0.0.2" as Address, port: 50_000 },
};

t.test("a segment is read out of IPv6 and IPv4, without padding", async (t) => {
  for (const ends of [{ from: r1, to: r2 }, inIpv4]) {
    const octets = Uint8Array.of(...frame({ ...ends, sequence: 0xffff_fff0, flags: 0x13, payload }), 0, 0, 0);
    t.match(decodeSegment(octets), { ...ends, sequence: 0xffff_fff0, payload });
    t.match(decodeSegment(octets), { syn: true, ack: true, fin: true, rst: false });
  }
});

t.test("what is no TCP, or only a part, is none", async (t) => {
  const whole = frame({ payload });
  for (let length = 0; length < 14 + 40 + 24; length++) {
    t.equal(decodeSegment(whole.subarray(0, length)), undefined, `${length} octets`);
  }
  const change = (octets: Uint8Array, at: number, value: number) => octets.with(at, value);
  t.equal(decodeSegment(change(whole, 12, 0x08)), undefined, "another Ethernet type");
  t.equal(decodeSegment(change(whole, 14 + 6, 17)), undefined, "UDP");
  t.equal(decodeSegment(change(whole, 14 + 40 + 12, 0x40)), undefined, "a header that is too short");
  t.equal(decodeSegment(change(frame(inIpv4), 14 + 6, 0x20)), undefined, "a fragment");
});

t.test("any octets are a segment or none", async (t) => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => void decodeSegment(octets)));
  const header = frame().subarray(0, 14);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
      const segment = decodeSegment(Uint8Array.of(...header, ...octets));
      return segment === undefined || segment.payload.length <= octets.length;
    }),
  );
  t.pass();
});
