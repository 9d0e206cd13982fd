import t from "tap";
import type { Encoding, PathAttributes } from "../../../src/bgp/wire/message.ts";
import type { Address } from "../../../src/net/address.ts";
import { prefix } from "../../../src/net/prefix.ts";
import { decodeFields, encodeText, hex, modern, empty as nothing, type TextUpdate } from "./octets.ts";

const linkLocal = "fe80::1" as Address;
const fe80 = "fe800000000000000000000000000001";
const plain: PathAttributes = { origin: "igp", asPath: [{ type: "sequence", asns: [64512] }] };
const igp = "40010100";
const path = "400206 0201 0000fc00";
const viaIpv4 = "400304 c0000201";

const vectors: {
  name: string;
  fields: { withdrawn?: string; attributes?: string; nlri?: string };
  update: TextUpdate;
  encoding?: Encoding;
  form?: "only read";
}[] = [
  { name: "the End-of-RIB of IPv4 (RFC 4724 §2)", fields: {}, update: { ...nothing, endOfRib: 4 } },
  {
    name: "the End-of-RIB of IPv6",
    fields: { attributes: "800f03 0002 01" },
    update: { ...nothing, endOfRib: 6 },
  },
  {
    name: "the End-of-RIB of IPv6 with an extended length, as FRR sends it",
    fields: { attributes: "900f0003 0002 01" },
    update: { ...nothing, endOfRib: 6 },
    form: "only read",
  },
  {
    name: "the End-of-RIB of a family that we do not know",
    fields: { attributes: "800f03 0019 46" },
    update: nothing,
    form: "only read",
  },
  {
    name: "IPv4 withdrawn in the classic field",
    fields: { withdrawn: "18 0a0101 00 20 0a020202" },
    update: { ...nothing, withdrawn: [prefix("10.1.1.0/24"), prefix("0.0.0.0/0"), prefix("10.2.2.2/32")] },
  },
  {
    name: "IPv4 withdrawn in MP_UNREACH_NLRI, as FRR does: the same thing",
    fields: { attributes: "900f0007 0001 01 18 0a0101" },
    update: { ...nothing, withdrawn: [prefix("10.1.1.0/24")] },
    form: "only read",
  },
  {
    name: "IPv6 withdrawn",
    fields: { attributes: "800f0a 0002 01 30 20010db80001" },
    update: { ...nothing, withdrawn: [prefix("2001:db8:1::/48")] },
  },
  {
    name: "IPv4 with a classic next hop",
    fields: { attributes: `${igp} ${path} ${viaIpv4}`, nlri: "18 0a0101" },
    update: {
      ...nothing,
      announced: [{ nextHop: { global: "192.0.2.1" as Address }, prefixes: [prefix("10.1.1.0/24")] }],
      attributes: plain,
    },
  },
  {
    name: "IPv4 over a link-local next hop, which stands there twice (RFC 8950 §3)",
    fields: { attributes: `800e29 0001 01 20 ${fe80}${fe80} 00 18 0a0101 ${igp} ${path}` },
    update: {
      ...nothing,
      announced: [{ nextHop: { linkLocal }, prefixes: [prefix("10.1.1.0/24")] }],
      attributes: plain,
    },
  },
  {
    name: "IPv6 with a global and a link-local next hop (RFC 2545 §3)",
    fields: {
      attributes: `800e2c 0002 01 20 20010db8000000000000000000000001${fe80} 00 30 20010db80001 ${igp} ${path}`,
    },
    update: {
      ...nothing,
      announced: [
        {
          nextHop: { global: "2001:db8::1" as Address, linkLocal },
          prefixes: [prefix("2001:db8:1::/48")],
        },
      ],
      attributes: plain,
    },
  },
  {
    name: "MP_REACH_NLRI behind the others and extended lengths where none are needed, as FRR and GoBGP do",
    fields: {
      attributes: `${igp} 50020006 0201 0000fc00 900e0019 0001 01 10 ${fe80} 00 18 0a0101`,
    },
    update: {
      ...nothing,
      announced: [{ nextHop: { linkLocal }, prefixes: [prefix("10.1.1.0/24")] }],
      attributes: plain,
    },
    form: "only read",
  },
  {
    name: "host bits in NLRI are cleared",
    fields: { attributes: `${igp} ${path} ${viaIpv4}`, nlri: "17 0a0101" },
    update: {
      ...nothing,
      announced: [{ nextHop: { global: "192.0.2.1" as Address }, prefixes: [prefix("10.1.0.0/23")] }],
      attributes: plain,
    },
    form: "only read",
  },
  {
    name: "a prefix both withdrawn and announced stands in both: who reads withdrawals first announces it (RFC 4271 §4.3)",
    fields: { withdrawn: "18 0a0101 18 0a0102", attributes: `${igp} ${path} ${viaIpv4}`, nlri: "18 0a0101" },
    update: {
      ...nothing,
      withdrawn: [prefix("10.1.1.0/24"), prefix("10.1.2.0/24")],
      announced: [{ nextHop: { global: "192.0.2.1" as Address }, prefixes: [prefix("10.1.1.0/24")] }],
      attributes: plain,
    },
    form: "only read",
  },
  {
    name: "all attributes, in order of their codes; those unknown to us partial (RFC 4271 §9)",
    fields: {
      attributes: `40010102
        400210 0202 0000fc00 00010000 0101 0000fde8 # a sequence, a set
        ${viaIpv4}
        800404 00000064
        400600
        c00708 00010000 0a000001
        c00808 fc000001 ffffff01
        e0c802 beef`,
      nlri: "00",
    },
    update: {
      ...nothing,
      announced: [{ nextHop: { global: "192.0.2.1" as Address }, prefixes: [prefix("0.0.0.0/0")] }],
      attributes: {
        origin: "incomplete",
        asPath: [
          { type: "sequence", asns: [64512, 65536] },
          { type: "set", asns: [65000] },
        ],
        med: 100,
        atomicAggregate: true,
        aggregator: { asn: 65536, address: "10.0.0.1" as Address },
        communities: [0xfc000001, 0xffffff01],
        unknown: [{ flags: 0xe0, code: 200, value: hex("beef") }],
      },
    },
  },
  {
    name: "to a peer with two-octet ASNs (RFC 6793 §4.2.2)",
    fields: {
      attributes: `${igp} 400206 0202 fc00 5ba0 ${viaIpv4} c00706 5ba0 0a000001
        c0110a 0202 0000fc00 00010000 c01208 00010000 0a000001`,
      nlri: "18 0a0101",
    },
    update: {
      ...nothing,
      announced: [{ nextHop: { global: "192.0.2.1" as Address }, prefixes: [prefix("10.1.1.0/24")] }],
      attributes: {
        origin: "igp",
        asPath: [{ type: "sequence", asns: [64512, 65536] }],
        aggregator: { asn: 65536, address: "10.0.0.1" as Address },
      },
    },
    encoding: { ...modern, fourOctetAsn: false },
  },
];

for (const { name, fields, update, encoding = modern, form } of vectors) {
  t.test(`UPDATE: ${name}`, async (t) => {
    t.strictSame(decodeFields(fields, encoding), update);
    if (form === "only read") return;
    const [octets, ...more] = encodeText(update, encoding);
    t.strictSame(more, []);
    const { withdrawn = "", attributes = "", nlri = "" } = fields;
    const length = (text: string) => hex(text).length.toString(16).padStart(4, "0");
    const body = `${length(withdrawn)}${withdrawn}\n${length(attributes)}${attributes}\n${nlri}`;
    t.strictSame(octets?.subarray(19), hex(body));
  });
}

const nextHops: { name: string; octets: string; nextHop: object | undefined }[] = [
  { name: "16 octets link-local", octets: fe80, nextHop: { linkLocal } },
  { name: "link-local twice", octets: fe80 + fe80, nextHop: { linkLocal } },
  { name: "`::` and link-local, as BIRD sends it", octets: "00".repeat(16) + fe80, nextHop: { linkLocal } },
  { name: "link-local and `::`", octets: fe80 + "00".repeat(16), nextHop: { linkLocal } },
  { name: "16 octets global", octets: `2001${"00".repeat(13)}01`, nextHop: { global: "2001::1" } },
  {
    name: "global and link-local",
    octets: `2001${"00".repeat(13)}01${fe80}`,
    nextHop: { global: "2001::1", linkLocal },
  },
  { name: "4 octets", octets: "c0000201", nextHop: { global: "192.0.2.1" } },
  { name: "`::` alone", octets: "00".repeat(16), nextHop: undefined },
  { name: "`::` twice", octets: "00".repeat(32), nextHop: undefined },
  { name: "loopback", octets: `${"00".repeat(15)}01`, nextHop: undefined },
  { name: "multicast", octets: `ff02${"00".repeat(13)}01`, nextHop: undefined },
];

for (const { name, octets, nextHop } of nextHops) {
  t.test(`the next hop of IPv4 in MP_REACH_NLRI: ${name}`, async (t) => {
    const length = octets.length / 2;
    const value = `0001 01 ${length.toString(16).padStart(2, "0")} ${octets} 00 18 0a0101`;
    const attributes = `800e${hex(value).length.toString(16).padStart(2, "0")} ${value} ${igp} ${path}`;
    const update = decodeFields({ attributes });
    const prefixes = [prefix("10.1.1.0/24")];
    t.strictSame(update.announced, nextHop ? [{ nextHop, prefixes }] : []);
    t.strictSame(update.withdrawn, nextHop ? [] : prefixes);
  });
}

t.test("families that were not negotiated are skipped, classic fields included", async (t) => {
  const onlyIpv6: Encoding = { ...modern, families: [6] };
  const classic = {
    withdrawn: "18 0a0102",
    attributes: `${igp} ${path} ${viaIpv4}`,
    nlri: "18 0a0101",
  };
  t.strictSame(decodeFields(classic, onlyIpv6), nothing);
  t.strictSame(decodeFields({}, onlyIpv6), nothing);
  const onlyIpv4: Encoding = { ...modern, families: [4] };
  t.strictSame(decodeFields({ attributes: "800f0a 0002 01 30 20010db80001" }, onlyIpv4), nothing);
  t.strictSame(decodeFields({ attributes: "800f03 0002 01" }, onlyIpv4), nothing);
});

t.test(
  "an unknown optional transitive attribute is kept, a non-transitive one dropped (RFC 4271 §9)",
  async (t) => {
    const attributes = `${igp} ${path} ${viaIpv4} c0c801 01 80c901 02 e01914 0000000000000000000000000000000000000003`;
    t.strictSame(decodeFields({ attributes, nlri: "00" }).attributes?.unknown, [
      { flags: 0xc0, code: 200, value: hex("01") },
      { flags: 0xe0, code: 25, value: hex("0000000000000000000000000000000000000003") },
    ]);
  },
);
