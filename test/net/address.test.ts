import fc from "fast-check";
import t from "tap";
import {
  addressOctets,
  familyOf,
  formatAddress,
  isLinkLocal,
  parseAddress,
  parseRouterId,
  routerIdFromNumber,
  routerIdToNumber,
} from "../../src/net/address.ts";

t.test("IPv6 addresses are written as RFC 5952 §4 wants them", async (t) => {
  const cases = {
    "::": "::",
    "::1": "::1",
    "0:0:0:0:0:0:0:1": "::1",
    "FE80::0001": "fe80::1",
    "2001:db8:0:0:1:0:0:1": "2001:db8::1:0:0:1",
    "2001:db8:0:1:1:1:1:1": "2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1": "2001:0:0:1::1",
    "1:2:3:4:5:6:7::": "1:2:3:4:5:6:7:0",
    "::ffff:192.0.2.1": "::ffff:c000:201",
  };
  for (const [text, canonical] of Object.entries(cases)) t.equal(parseAddress(text), canonical, text);
});

t.test("what is no address is none", async (t) => {
  const texts = [
    "",
    "1",
    "1.2.3",
    "1.2.3.4.5",
    "01.2.3.4",
    "256.1.1.1",
    "1.2.3.-4",
    ":",
    ":::",
    "1::2::3",
    "fe80::1%eth0",
  ];
  texts.push(
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "12345::",
    "g::",
    "1.2.3.4::",
    "::1.2.3",
    ":1::",
    " ::1",
  );
  for (const text of texts) t.equal(parseAddress(text), undefined, JSON.stringify(text));
});

t.test("any octets are an address that reads back", async (t) => {
  const octets = fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
    fc
      .array(fc.constantFrom(0, 0, 0, 1), { minLength: 16, maxLength: 16 })
      .map((list) => Uint8Array.from(list)),
  );
  fc.assert(
    fc.property(octets, (value) => {
      const address = formatAddress(value);
      return parseAddress(address) === address && Buffer.compare(addressOctets(address), value) === 0;
    }),
  );
  t.throws(() => formatAddress(new Uint8Array(5)), RangeError);
});

t.test("families and link-local addresses are told apart", async (t) => {
  const address = (text: string) => parseAddress(text) ?? t.fail(text);
  t.equal(familyOf(address("10.0.0.1") as never), 4);
  t.equal(familyOf(address("::") as never), 6);
  for (const text of ["fe80::1", "fe90::", "febf:ffff::"]) t.ok(isLinkLocal(address(text) as never), text);
  for (const text of ["fec0::1", "fe7f::1", "2001:db8::1", "fe8::1"])
    t.notOk(isLinkLocal(address(text) as never), text);
});

t.test("a router id is a dotted quad other than 0.0.0.0 (RFC 6286 §2.1)", async (t) => {
  t.equal(parseRouterId("0.0.0.1"), "0.0.0.1");
  for (const text of ["0.0.0.0", "1", "::1", "1.2.3.256"]) t.equal(parseRouterId(text), undefined, text);
  for (const value of [1, 0x0a000001, 0xffff_ffff])
    t.equal(routerIdToNumber(routerIdFromNumber(value)), value);
});
