import fc from "fast-check";
import t from "tap";
import {
  decodeDiscovery,
  encodeDiscovery,
  type RouterAdvertisement,
} from "../../src/linux/router-advertisement.ts";
import type { Address } from "../../src/net/address.ts";

const neighbor = { from: "fe80::1" as Address, hopLimit: 255 };
const advertisement: RouterAdvertisement = {
  type: "routerAdvertisement",
  hopLimit: 64,
  lifetime: 0,
  sourceMac: "02:fe:80:00:00:01",
  intervalMs: undefined,
};
const octets = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));

t.test("a Router Advertisement is laid out as RFC 4861 §4.2 draws it", async (t) => {
  const expected = octets("86 00 0000 40 00 0000 00000000 00000000 01 01 02fe80000001");
  t.same(encodeDiscovery(advertisement), expected);
});

t.test("an advertisement tells how often it comes (RFC 6275 §7.3)", async (t) => {
  const packet = encodeDiscovery({ ...advertisement, intervalMs: 10_000 });
  t.same(packet.subarray(24), octets("07 01 0000 00002710"));
  t.match(decodeDiscovery(packet, neighbor), { intervalMs: 10_000 });
  const never = encodeDiscovery({ ...advertisement, intervalMs: 0 });
  t.match(decodeDiscovery(never, neighbor), { intervalMs: undefined }, "0 says nothing");
});

t.test("a Router Solicitation is laid out as RFC 4861 §4.1 draws it", async (t) => {
  const solicitation = { type: "routerSolicitation", sourceMac: "02:fe:80:00:00:01" } as const;
  t.same(encodeDiscovery(solicitation), octets("85 00 0000 00000000 01 01 02fe80000001"));
  t.same(encodeDiscovery({ ...solicitation, sourceMac: undefined }), octets("85 00 0000 00000000"));
});

t.test("what is encoded decodes to itself", async (t) => {
  const mac = fc.option(fc.constantFrom("02:fe:80:00:00:01", "ff:ff:ff:ff:ff:ff"), { nil: undefined });
  const hopLimit = fc.integer({ min: 0, max: 255 });
  const lifetime = fc.integer({ min: 0, max: 0xffff });
  const message = fc.oneof(
    fc.record({
      type: fc.constant("routerAdvertisement" as const),
      hopLimit,
      lifetime,
      sourceMac: mac,
      intervalMs: fc.option(fc.integer({ min: 1, max: 0xffff_ffff }), { nil: undefined }),
    }),
    fc.record({ type: fc.constant("routerSolicitation" as const), sourceMac: mac }),
  );
  fc.assert(
    fc.property(message, (value) => {
      t.same(decodeDiscovery(encodeDiscovery(value), neighbor), value);
    }),
  );
});

t.test("options that we do not know are skipped (RFC 4861 §4.6)", async (t) => {
  const mtu = octets("05 01 0000 000005dc");
  const prefix = new Uint8Array(32).fill(0);
  prefix.set([3, 4]);
  const packet = Uint8Array.of(
    ...encodeDiscovery({ ...advertisement, sourceMac: undefined }),
    ...mtu,
    ...prefix,
  );
  t.same(decodeDiscovery(packet, neighbor), { ...advertisement, sourceMac: undefined });
});

const invalid: { why: string; packet: Uint8Array; arrival?: Partial<typeof neighbor>; reason: RegExp }[] = [
  {
    why: "from beyond the link",
    packet: encodeDiscovery(advertisement),
    arrival: { hopLimit: 254 },
    reason: /hop limit/,
  },
  {
    why: "from a global address",
    packet: encodeDiscovery(advertisement),
    arrival: { from: "2001:db8::1" as Address },
    reason: /not link-local/,
  },
  { why: "an unknown code", packet: octets("86 01 0000 40 00 0000 00000000 00000000"), reason: /code 1/ },
  {
    why: "an option of length 0",
    packet: octets("85 00 0000 00000000 01 00 02fe80000001"),
    reason: /length 0/,
  },
  {
    why: "an option that is cut",
    packet: octets("85 00 0000 00000000 01 02 02fe80000001"),
    reason: /8 octets early/,
  },
  { why: "too short", packet: octets("86 00 0000 40 00 0000 00000000"), reason: /early/ },
  { why: "another type", packet: octets("87 00 0000 00000000"), reason: /type 135/ },
  {
    why: "a link-layer address from nobody",
    packet: octets("85 00 0000 00000000 01 01 02fe80000001"),
    arrival: { from: "::" as Address },
    reason: /without a source address/,
  },
];

for (const { why, packet, arrival, reason } of invalid) {
  t.test(`ignored: ${why} (RFC 4861 §6.1)`, async (t) => {
    t.match(decodeDiscovery(packet, { ...neighbor, ...arrival }), { type: "invalid", reason });
  });
}

t.test("any octets give a message or say why they are none", async () => {
  const types = ["routerAdvertisement", "routerSolicitation", "invalid"];
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.uint8Array({ maxLength: 80 }).map((rest) => Uint8Array.of(134, 0, 0, 0, ...rest)),
    fc.uint8Array({ maxLength: 80 }).map((rest) => Uint8Array.of(133, 0, 0, 0, ...rest)),
  );
  fc.assert(fc.property(anything, (packet) => types.includes(decodeDiscovery(packet, neighbor).type)));
});
