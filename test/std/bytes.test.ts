import t from "tap";
import { ByteReader, ByteWriter, TruncatedError, u16At, u32At, viewOf } from "../../src/std/bytes.ts";

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

t.test("ranges, runs and fields over others are written where they belong", async (t) => {
  const long = Uint8Array.from({ length: 300 }, (_, index) => index);
  for (const count of [0, 1, 63, 64, 65, 300]) {
    const writer = new ByteWriter(1).u16(0).range(long, 0, count).fill(7, 2).setU16(0, count);
    t.strictSame(writer.finish(), Uint8Array.of(count >> 8, count, ...long.subarray(0, count), 7, 7));
    t.strictSame(writer.view(), writer.finish());
    writer.clear();
    t.strictSame(writer.u8(1).finish(), Uint8Array.of(1));
  }
});

t.test("fields are read where they stand, and beyond the end there are zeros", async (t) => {
  const octets = Uint8Array.of(0, 0xff, 0xfe, 0xfd, 0xfc);
  t.strictSame([u16At(octets, 1), u32At(octets, 1), u16At(octets, 4)], [0xfffe, 0xfffefdfc, 0xfc00]);
});

t.test("a view of a Buffer shares its octets and is a plain Uint8Array", async (t) => {
  const buffer = Buffer.from([1, 2, 3, 4]).subarray(1);
  const view = viewOf(buffer, 1, 3);
  buffer[1] = 9;
  t.strictSame(view, Uint8Array.of(9, 4));
});
