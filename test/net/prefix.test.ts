import fc from "fast-check";
import t from "tap";
import {
  firstHost,
  formatPrefix,
  parsePrefix,
  prefix,
  prefixFamily,
  prefixParts,
} from "../../src/net/prefix.ts";

t.test("equal prefixes are equal texts", async (t) => {
  t.equal(parsePrefix("10.0.0.0/8"), "10.0.0.0/8");
  t.equal(parsePrefix("2001:DB8:0::/48"), "2001:db8::/48");
  t.equal(parsePrefix("0.0.0.0/0"), "0.0.0.0/0");
});

t.test("host bits are a problem that names the network", async (t) => {
  t.strictSame(parsePrefix("10.0.1.1/24"), { type: "hostBits", network: "10.0.1.0/24" });
  t.strictSame(parsePrefix("2001:db8::1/47"), { type: "hostBits", network: "2001:db8::/47" });
});

t.test("what is no prefix is malformed", async (t) => {
  for (const text of [
    "",
    "10.0.0.0",
    "10.0.0.0/",
    "10.0.0.0/33",
    "::/129",
    "10.0.0.0/08",
    "10.0.0.0/8/8",
    "/8",
    "10.0.0.0/-1",
  ]) {
    t.strictSame(parsePrefix(text), { type: "malformed" }, JSON.stringify(text));
  }
  t.throws(() => prefix("10.0.0.1/24"), RangeError);
});

t.test("any address and length make a prefix that reads back", async (t) => {
  const parts = fc.oneof(
    fc.tuple(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.integer({ min: 0, max: 32 })),
    fc.tuple(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.integer({ min: 0, max: 128 })),
  );
  fc.assert(
    fc.property(parts, ([octets, length]) => {
      const value = formatPrefix(octets, length);
      const { octets: network, length: read } = prefixParts(value);
      return parsePrefix(value) === value && read === length && formatPrefix(network, read) === value;
    }),
  );
  t.pass("all of them");
});

t.test("a router answers at the first host address of what it originates", async (t) => {
  const cases = {
    "10.0.1.0/24": "10.0.1.1",
    "10.0.1.7/32": "10.0.1.7",
    "10.0.1.6/31": "10.0.1.6",
    "2001:db8::/48": "2001:db8::1",
  };
  for (const [text, host] of Object.entries(cases)) t.equal(firstHost(prefix(text)), host, text);
  t.equal(prefixFamily(prefix("::/0")), 6);
  t.equal(prefixFamily(prefix("0.0.0.0/0")), 4);
});
