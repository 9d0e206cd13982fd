import fc from "fast-check";
import t from "tap";
import { type Output, readFrames } from "../../../src/runtime/docker/frames.ts";

function encode({ type, octets }: Output): Buffer {
  const header = Buffer.alloc(8);
  header[0] = type === "stdout" ? 1 : 2;
  header.writeUInt32BE(octets.length, 4);
  return Buffer.concat([header, octets]);
}

async function* cut(octets: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < octets.length; at += size) yield octets.subarray(at, at + size);
}

const output = fc
  .tuple(fc.constantFrom("stdout" as const, "stderr" as const), fc.uint8Array({ maxLength: 50 }))
  .map(([type, octets]) => ({ type, octets: new Uint8Array(octets) }));

t.test("outputs come as they were written, however the stream is cut", async (t) => {
  const property = fc.asyncProperty(
    fc.array(output),
    fc.integer({ min: 1, max: 70 }),
    async (outputs, size) => {
      const stream = Buffer.concat(outputs.map(encode));
      const found: Output[] = [];
      for await (const { type, octets } of readFrames(cut(stream, size))) {
        found.push({ type, octets: new Uint8Array(octets) });
      }
      t.strictSame(found, outputs);
    },
  );
  await fc.assert(property);
});

t.test("what is not whole when the stream ends is lost with it", async (t) => {
  const whole = encode({ type: "stdout", octets: Buffer.from("hello") });
  for await (const _ of readFrames(cut(whole.subarray(0, -1), 4))) t.fail("nothing is whole");
  t.equal(whole.length, 13);
});
