import fc from "fast-check";
import t from "tap";
import { decodeSegment, type Segment } from "../../src/capture/segment.ts";
import { TcpStream } from "../../src/capture/tcp-stream.ts";
import { frame } from "./frames.ts";

function segment(fields: Parameters<typeof frame>[0]): Segment {
  const decoded = decodeSegment(frame(fields));
  if (!decoded) throw new Error("no segment");
  return decoded;
}

const syn = (sequence: number) => segment({ sequence, flags: 2 });

/** All octets that come of these segments. */
function octetsOf(stream: TcpStream, segments: readonly Segment[]): number[] {
  return segments.flatMap((each) => [...stream.push(each)].flatMap((octets) => [...octets]));
}

t.test(
  "octets come once and in order, however they are cut, repeated and mixed, around the last number",
  async (t) => {
    const pieces = fc.array(fc.record({ at: fc.nat(99), length: fc.integer({ min: 1, max: 30 }) }), {
      maxLength: 20,
    });
    const data = Array.from({ length: 100 }, (_, index) => index);
    fc.assert(
      fc.property(pieces, fc.constantFrom(0, 0xffff_ffd0, 0x7fff_ffe0), (cuts, start) => {
        const cut = ({ at, length }: { at: number; length: number }) =>
          segment({
            sequence: (start + 1 + at) >>> 0,
            payload: Uint8Array.from(data.slice(at, at + length)),
          });
        const inOrder = Array.from({ length: 10 }, (_, index) => ({ at: index * 10, length: 10 }));
        const stream = new TcpStream(() => false);
        const got = octetsOf(stream, [syn(start), ...[...cuts, ...inOrder].map(cut)]);
        t.strictSame(got, data);
      }),
    );
  },
);

t.test("who joins midway waits for a beginning", async (t) => {
  const stream = new TcpStream((payload) => payload[0] === 7);
  const got = octetsOf(stream, [
    segment({ sequence: 10, payload: Uint8Array.of(1, 2) }),
    segment({ sequence: 12, payload: Uint8Array.of(7, 3) }),
    segment({ sequence: 14, payload: Uint8Array.of(4) }),
  ]);
  t.strictSame(got, [7, 3, 4]);
});

t.test("what never comes is given up", async (t) => {
  const stream = new TcpStream((payload) => payload[0] === 7);
  t.strictSame(octetsOf(stream, [syn(0)]), []);
  const late = Array.from({ length: 64 }, (_, index) =>
    segment({ sequence: 100 + index, payload: Uint8Array.of(index) }),
  );
  t.strictSame(octetsOf(stream, late), []);
  t.strictSame(octetsOf(stream, [segment({ sequence: 200, payload: Uint8Array.of(7, 8) })]), [7, 8]);
});

t.test("a new connection between the same ends begins anew", async (t) => {
  const stream = new TcpStream(() => false);
  const [one, two] = [Uint8Array.of(1), Uint8Array.of(2)];
  const got = octetsOf(stream, [
    syn(5),
    segment({ sequence: 6, payload: one }),
    syn(5000),
    segment({ sequence: 5001, payload: two }),
  ]);
  t.strictSame(got, [1, 2]);
});
