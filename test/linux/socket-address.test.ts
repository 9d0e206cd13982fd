import fc from "fast-check";
import t from "tap";
import { decodeSockaddr, encodeSockaddr } from "../../src/linux/socket-address.ts";
import { type Address, formatAddress } from "../../src/net/address.ts";

t.test("port in network order, family and scope in the host's (ipv6(7))", async (t) => {
  const octets = encodeSockaddr({ address: "fe80::2" as Address, port: 179, scopeId: 100 });
  t.equal(Buffer.from(octets).toString("hex"), "0a0000b300000000fe80000000000000000000000000000264000000");
});

t.test("what is encoded decodes to itself", async () => {
  const address = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(formatAddress);
  const port = fc.integer({ min: 0, max: 0xffff });
  const scopeId = fc.integer({ min: 0, max: 0xffff_ffff });
  fc.assert(
    fc.property(fc.record({ address, port, scopeId }), (value) => {
      const decoded = decodeSockaddr(encodeSockaddr(value));
      return JSON.stringify(decoded) === JSON.stringify(value);
    }),
  );
});

t.test("other families and short structures are no address", async (t) => {
  t.equal(decodeSockaddr(new Uint8Array(28)), undefined);
  t.equal(decodeSockaddr(Uint8Array.of(10, 0, 0, 179)), undefined);
});
