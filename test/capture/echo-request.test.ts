import t from "tap";
import { decodeEchoRequest, echoRequestFilter } from "../../src/capture/echo-request.ts";

const octets = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ""), "hex"));
const ethernet = "02fe80000002 02fe80000001";
const v4 = octets(`${ethernet} 0800 4500001c000040003f01 0000 0a000101 0a000301 0800 f7ff 0000 0000`);
const v6 = octets(
  `${ethernet} 86dd 6000000000083a3e 20010db8000100000000000000000001 20010db8000300000000000000000001 8000 0000 0000 0000`,
);

/** What the kernel would make of a frame: how many octets of it get through. */
function filtered(frame: Uint8Array): number {
  let accumulator = 0;
  for (let at = 0; ; at++) {
    const { code, ifTrue, ifFalse, value } = echoRequestFilter[at] ?? {
      code: 6,
      ifTrue: 0,
      ifFalse: 0,
      value: -1,
    };
    if (code === 0x06) return value;
    if (code === 0x15) at += accumulator === value ? ifTrue : ifFalse;
    else
      accumulator =
        code === 0x28 ? ((frame[value] ?? 0) << 8) | (frame[value + 1] ?? 0) : (frame[value] ?? 0);
  }
}

const changed = (frame: Uint8Array, at: number, value: number) => frame.with(at, value);

t.test("echo requests of both families are read, and get through the filter", async (t) => {
  t.strictSame(decodeEchoRequest(v4), { source: "10.0.1.1", target: "10.0.3.1", hopLimit: 63 });
  t.strictSame(decodeEchoRequest(v6), { source: "2001:db8:1::1", target: "2001:db8:3::1", hopLimit: 62 });
  t.strictSame([filtered(v4), filtered(v6)], [0xffff, 0xffff]);
});

t.test("all else is none: answers, other protocols, other frames, and what is cut", async (t) => {
  const others = [
    changed(v4, 34, 0),
    changed(v4, 23, 6),
    changed(v6, 54, 129),
    changed(v6, 20, 6),
    changed(v4, 12, 9),
    new Uint8Array(),
  ];
  for (const frame of others) {
    t.equal(decodeEchoRequest(frame), undefined);
    t.equal(filtered(frame), 0);
  }
  for (let length = 0; length < 35; length++) t.equal(decodeEchoRequest(v4.subarray(0, length)), undefined);
  for (let length = 0; length < 55; length++) t.equal(decodeEchoRequest(v6.subarray(0, length)), undefined);
});
