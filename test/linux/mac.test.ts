import fc from "fast-check";
import t from "tap";
import { formatMac, macOctets } from "../../src/linux/mac.ts";

t.test("octets and text are the same thing", async (t) => {
  t.equal(formatMac(Uint8Array.of(2, 0xfe, 0x80, 0, 0, 1)), "02:fe:80:00:00:01");
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 6, maxLength: 6 }), (octets) => {
      t.same(macOctets(formatMac(octets)), octets);
    }),
  );
});

t.test("anything else is refused", async (t) => {
  for (const text of ["", "02:fe:80:00:00", "02:fe:80:00:00:1", "02-fe-80-00-00-01", "02:fe:80:00:00:0g"]) {
    t.throws(() => macOctets(text), RangeError, text);
  }
});
