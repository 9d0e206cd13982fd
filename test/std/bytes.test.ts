import t from "tap";
import { ByteReader, ByteWriter, TruncatedError } from "../../src/std/bytes.ts";

t.test("fields are read and written in network order", async (t) => {
  const written = new ByteWriter()
    .u8(1)
    .u16(0x0203)
    .u32(0xfffefdfc)
    .prefixed8((w) => w.bytes(Uint8Array.of(9, 8)))
    .prefixed16((w) => w.u8(7))
    .finish();
  t.strictSame([...written], [1, 2, 3, 255, 254, 253, 252, 2, 9, 8, 0, 1, 7]);
  const reader = new ByteReader(written);
  t.strictSame([reader.u8(), reader.u16(), reader.u32()], [1, 0x0203, 0xfffefdfc]);
  const inner = reader.slice(reader.u8());
  t.strictSame([...inner.rest()], [9, 8]);
  t.equal(reader.remaining, 3);
});

t.test("nothing is read beyond the end", async (t) => {
  const reader = new ByteReader(Uint8Array.of(1, 2, 3));
  t.throws(() => reader.u32(), new TruncatedError(1));
  t.equal(reader.u16(), 0x0102, "and a failed read takes nothing");
  t.throws(() => reader.slice(2), TruncatedError);
  const inner = new ByteReader(Uint8Array.of(1, 2, 3)).slice(1);
  inner.u8();
  t.throws(() => inner.u8(), TruncatedError, "a slice ends where it was told to");
});

t.test("a value that does not fit is a mistake of ours", async (t) => {
  t.throws(() => new ByteWriter().u8(256), RangeError);
  t.throws(() => new ByteWriter().u16(-1), RangeError);
  t.throws(() => new ByteWriter().u32(1.5), RangeError);
  t.throws(() => new ByteWriter().prefixed8((w) => w.bytes(new Uint8Array(256))), RangeError);
});

t.test("a writer grows", async (t) => {
  const writer = new ByteWriter();
  for (let value = 0; value < 1000; value++) writer.u16(value);
  t.equal(writer.length, 2000);
  t.equal(new ByteReader(writer.finish().subarray(1998)).u16(), 999);
});
