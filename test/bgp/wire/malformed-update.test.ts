import t from "tap";
import { decodeMessage } from "../../../src/bgp/wire/codec.ts";
import type { Encoding } from "../../../src/bgp/wire/message.ts";
import type { NotificationReason } from "../../../src/bgp/wire/notification.ts";
import { prefix } from "../../../src/net/prefix.ts";
import { decodeFields, frame, hex, modern, refusal } from "./octets.ts";

/** A good UPDATE in parts, so that each case can spoil one. */
const good = {
  origin: "40010100",
  asPath: "400206 0201 0000fc00",
  nextHop: "400304 c0000201",
  more: "",
};
const nlri = "18 0a0101";
const announced = prefix("10.1.1.0/24");
const internal: Encoding = { ...modern, external: false };
const twoOctets: Encoding = { ...modern, fourOctetAsn: false };
const fe80 = "fe800000000000000000000000000001";

interface Case {
  readonly name: string;
  readonly parts: Partial<typeof good>;
  readonly encoding?: Encoding;
}

const attributesOf = (parts: Partial<typeof good>) => Object.values({ ...good, ...parts }).join("");

const withdraws: (Case & { attribute: number })[] = [
  { name: "ORIGIN optional (§3 c)", parts: { origin: "c0010100" }, attribute: 1 },
  { name: "ORIGIN not transitive (§3 c)", parts: { origin: "00010100" }, attribute: 1 },
  { name: "ORIGIN partial", parts: { origin: "60010100" }, attribute: 1 },
  { name: "AS_PATH optional (§3 c)", parts: { asPath: "c00206 0201 0000fc00" }, attribute: 2 },
  { name: "MED transitive (§3 c)", parts: { more: "c00404 00000001" }, attribute: 4 },
  { name: "MED partial", parts: { more: "a00404 00000001" }, attribute: 4 },
  { name: "COMMUNITIES well-known (§3 c)", parts: { more: "400804 00000001" }, attribute: 8 },
  { name: "no ORIGIN (§3 d)", parts: { origin: "" }, attribute: 1 },
  { name: "no AS_PATH (§3 d)", parts: { asPath: "" }, attribute: 2 },
  { name: "no NEXT_HOP (§3 d)", parts: { nextHop: "" }, attribute: 3 },
  { name: "one octet too many (§4)", parts: { more: "40" }, attribute: 0 },
  { name: "two octets too many (§4)", parts: { more: "4004" }, attribute: 4 },
  { name: "half an extended length (§4)", parts: { more: "900400" }, attribute: 4 },
  { name: "an attribute that overruns the others (§4)", parts: { more: "800405 00000001" }, attribute: 4 },
  { name: "ORIGIN of two octets (§7.1)", parts: { origin: "40010200 00" }, attribute: 1 },
  { name: "ORIGIN of no octets (§7.1)", parts: { origin: "400100" }, attribute: 1 },
  { name: "ORIGIN 3 (§7.1)", parts: { origin: "40010103" }, attribute: 1 },
  { name: "AS_PATH of segment type 5 (§7.2)", parts: { asPath: "400206 0501 0000fc00" }, attribute: 2 },
  { name: "AS_PATH of segment type 0 (§7.2)", parts: { asPath: "400206 0001 0000fc00" }, attribute: 2 },
  { name: "AS_PATH with an empty segment (§7.2)", parts: { asPath: "400202 0200" }, attribute: 2 },
  { name: "AS_PATH segment that overruns (§7.2)", parts: { asPath: "400206 0202 0000fc00" }, attribute: 2 },
  { name: "AS_PATH with one octet left (§7.2)", parts: { asPath: "400207 0201 0000fc00 02" }, attribute: 2 },
  { name: "AS 0 in AS_PATH (RFC 7607 §2)", parts: { asPath: "400206 0201 00000000" }, attribute: 2 },
  {
    name: "a confederation sequence from another AS (RFC 5065 §5)",
    parts: { asPath: "400206 0301 0000fc00" },
    attribute: 2,
  },
  {
    name: "a confederation set from another AS (RFC 5065 §5)",
    parts: { asPath: "400206 0401 0000fc00" },
    attribute: 2,
  },
  { name: "NEXT_HOP of 5 octets (§7.3)", parts: { nextHop: "400305 c000020100" }, attribute: 3 },
  { name: "NEXT_HOP of 16 octets (§7.3)", parts: { nextHop: `400310 ${fe80}` }, attribute: 3 },
  { name: "NEXT_HOP 0.0.0.0", parts: { nextHop: "400304 00000000" }, attribute: 3 },
  { name: "NEXT_HOP 127.0.0.1", parts: { nextHop: "400304 7f000001" }, attribute: 3 },
  { name: "NEXT_HOP 224.0.0.1", parts: { nextHop: "400304 e0000001" }, attribute: 3 },
  { name: "NEXT_HOP 255.255.255.255", parts: { nextHop: "400304 ffffffff" }, attribute: 3 },
  { name: "MED of 3 octets (§7.4)", parts: { more: "800403 000001" }, attribute: 4 },
  {
    name: "LOCAL_PREF of 3 octets inside the AS (§7.5)",
    parts: { more: "400503 000001" },
    encoding: internal,
    attribute: 5,
  },
  { name: "no COMMUNITIES in it (§7.8)", parts: { more: "c00800" }, attribute: 8 },
  { name: "COMMUNITIES of 5 octets (§7.8)", parts: { more: "c00805 0000000100" }, attribute: 8 },
  { name: "extended communities of 0 octets (§7.14)", parts: { more: "c01000" }, attribute: 16 },
  {
    name: "extended communities of 7 octets (§7.14)",
    parts: { more: "c01007 00000000000000" },
    attribute: 16,
  },
  {
    name: "IPv6 extended communities of 8 (§7.15)",
    parts: { more: "c01908 0000000000000000" },
    attribute: 25,
  },
  { name: "large communities of 0 octets (RFC 8092 §6)", parts: { more: "c02000" }, attribute: 32 },
  { name: "large communities of 4 (RFC 8092 §6)", parts: { more: "c02004 00000000" }, attribute: 32 },
  { name: "OTC of 2 octets (RFC 9234 §5)", parts: { more: "c02302 0000" }, attribute: 35 },
];

for (const { name, parts, encoding, attribute } of withdraws) {
  t.test(`treat-as-withdraw: ${name}`, async (t) => {
    const update = decodeFields({ attributes: attributesOf(parts), nlri }, encoding);
    t.match(update, { announced: [], withdrawn: [announced], attributes: undefined, endOfRib: undefined });
    t.match(update.errors, [{ approach: "treatAsWithdraw", attribute }]);
  });
}

const discards: (Case & { attribute: number })[] = [
  { name: "a second ORIGIN (§3 g)", parts: { more: "40010102" }, attribute: 1 },
  { name: "a second attribute that we do not know (§3 g)", parts: { more: "c0c800 c0c800" }, attribute: 200 },
  { name: "LOCAL_PREF from another AS (§7.5)", parts: { more: "400504 00000064" }, attribute: 5 },
  { name: "LOCAL_PREF of any length from another AS (§7.5)", parts: { more: "c00501 00" }, attribute: 5 },
  { name: "ATOMIC_AGGREGATE of 1 octet (§7.6)", parts: { more: "400601 00" }, attribute: 6 },
  { name: "AGGREGATOR of 6 octets, not 8 (§7.7)", parts: { more: "c00706 fc00 0a000001" }, attribute: 7 },
  {
    name: "AGGREGATOR of 8 octets, not 6 (§7.7)",
    parts: { asPath: "400204 0201 fc00", more: "c00708 0000fc00 0a000001" },
    encoding: twoOctets,
    attribute: 7,
  },
  { name: "AGGREGATOR AS 0 (RFC 7607 §2)", parts: { more: "c00708 00000000 0a000001" }, attribute: 7 },
  {
    name: "malformed AS4_PATH (RFC 6793 §6)",
    parts: { asPath: "400204 0201 5ba0", more: "c01103 020100" },
    encoding: twoOctets,
    attribute: 17,
  },
  {
    name: "AS 0 in AS4_PATH (RFC 7607 §2)",
    parts: { asPath: "400204 0201 5ba0", more: "c01106 0201 00000000" },
    encoding: twoOctets,
    attribute: 17,
  },
  {
    name: "AS4_AGGREGATOR of 6 octets (RFC 6793 §6)",
    parts: { asPath: "400204 0201 fc00", more: "c01206 fc00 0a000001" },
    encoding: twoOctets,
    attribute: 18,
  },
  {
    name: "AS4_PATH from a peer with four-octet ASNs (RFC 6793 §4.1)",
    parts: { more: "c01106 0201 0000fc00" },
    attribute: 17,
  },
];

for (const { name, parts, encoding, attribute } of discards) {
  t.test(`attribute discard: ${name}`, async (t) => {
    const update = decodeFields({ attributes: attributesOf(parts), nlri }, encoding);
    t.match(update.announced, [{ prefixes: [announced] }]);
    t.strictSame(update.withdrawn, []);
    t.match(update.errors, [{ approach: "attributeDiscard", attribute }]);
    t.match(update.attributes, { origin: "igp" }, "the first counts");
    for (const key of ["localPref", "atomicAggregate", "aggregator"])
      t.notOk(update.attributes && key in update.attributes);
  });
}

interface Reset {
  readonly name: string;
  readonly fields: { withdrawn?: string; attributes?: string; nlri?: string };
  readonly reason: NotificationReason;
  readonly data?: string;
}

const all = attributesOf({});
const reach = `800e19 0001 01 10 ${fe80} 00 18 0a0101`;
const resets: Reset[] = [
  {
    name: "MP_REACH_NLRI twice (§3 g)",
    fields: { attributes: all + reach + reach },
    reason: "malformedAttributeList",
  },
  {
    name: "MP_UNREACH_NLRI twice (§3 g)",
    fields: { attributes: "800f03 000201 800f03 000101" },
    reason: "malformedAttributeList",
  },
  {
    name: "MP_REACH_NLRI that overruns the attributes (§3 j)",
    fields: { attributes: `${all}800eff 0001 01 10 ${fe80}`, nlri },
    reason: "malformedAttributeList",
  },
  {
    name: "an error without any NLRI (§5.2)",
    fields: { attributes: attributesOf({ origin: "40010103" }) },
    reason: "malformedAttributeList",
  },
  {
    name: "an error with withdrawals only (§5.2)",
    fields: { withdrawn: nlri, attributes: attributesOf({ origin: "40010103" }) },
    reason: "malformedAttributeList",
  },
  {
    name: "an overrun behind an MP_UNREACH_NLRI alone (§5.2)",
    fields: { attributes: "800f03 000201 400105" },
    reason: "malformedAttributeList",
  },
  {
    name: "NLRI of 33 bits (§5.3)",
    fields: { attributes: all, nlri: "21 0a01010101" },
    reason: "invalidNetworkField",
  },
  { name: "NLRI of 255 bits (§5.3)", fields: { attributes: all, nlri: "ff" }, reason: "invalidNetworkField" },
  {
    name: "incomplete NLRI (§5.3)",
    fields: { attributes: all, nlri: "18 0a01" },
    reason: "invalidNetworkField",
  },
  { name: "33 bits withdrawn (§5.3)", fields: { withdrawn: "21 0a01010101" }, reason: "invalidNetworkField" },
  { name: "an incomplete withdrawal (§5.3)", fields: { withdrawn: "18 0a" }, reason: "invalidNetworkField" },
  {
    name: "129 bits in MP_REACH_NLRI (§5.3)",
    fields: { attributes: `${all} 800e26 0002 01 10 ${fe80} 00 81 ${"00".repeat(16)}` },
    reason: "invalidNetworkField",
  },
  {
    name: "an incomplete prefix in MP_UNREACH_NLRI (§7.12)",
    fields: { attributes: "800f05 0002 01 30 20" },
    reason: "invalidNetworkField",
  },
  {
    name: "MP_REACH_NLRI with a next hop of 5 octets (§7.11)",
    fields: { attributes: `${all} 800e0a 0001 01 05 0102030405 00` },
    reason: "optionalAttributeError",
    data: "800e0a 0001 01 05 0102030405 00",
  },
  {
    name: "MP_REACH_NLRI of IPv6 with an IPv4 next hop (§7.11)",
    fields: { attributes: `${all} 800e09 0002 01 04 c0000201 00` },
    reason: "optionalAttributeError",
    data: "800e09 0002 01 04 c0000201 00",
  },
  {
    name: "MP_REACH_NLRI whose next hop overruns it (§7.11)",
    fields: { attributes: `${all} 800e05 0001 01 10 fe` },
    reason: "optionalAttributeError",
    data: "800e05 0001 01 10 fe",
  },
  {
    name: "MP_UNREACH_NLRI of 2 octets (§7.12)",
    fields: { attributes: "800f02 0001" },
    reason: "optionalAttributeError",
    data: "800f02 0001",
  },
  {
    name: "a well-known attribute that nobody knows (RFC 4271 §6.3)",
    fields: { attributes: `${all} 40c801 01`, nlri },
    reason: "unrecognizedWellKnownAttribute",
    data: "40c801 01",
  },
  {
    name: "a reset is stronger than a treat-as-withdraw before it (§3 h)",
    fields: { attributes: `${attributesOf({ origin: "40010103" })} 40c801 01`, nlri },
    reason: "unrecognizedWellKnownAttribute",
    data: "40c801 01",
  },
];

for (const { name, fields, reason, data } of resets) {
  t.test(`session reset: ${name}`, async (t) => {
    t.throws(() => decodeFields(fields), refusal(reason, data));
  });
}

t.test("treat-as-withdraw is stronger than attribute discard, and both are told (§3 h)", async (t) => {
  const update = decodeFields({ attributes: attributesOf({ more: "400601 00 800403 000001" }), nlri });
  t.match(update, { announced: [], withdrawn: [announced] });
  t.match(update.errors, [{ approach: "attributeDiscard" }, { approach: "treatAsWithdraw" }]);
});

t.test("treat-as-withdraw takes all that the message announces, whatever the encoding", async (t) => {
  const attributes = `${attributesOf({ origin: "40010103" })} 800e1c 0002 01 10 ${fe80} 00 30 20010db80001`;
  const update = decodeFields({ withdrawn: "18 0a0102", attributes, nlri });
  t.strictSame(update.withdrawn, [prefix("10.1.2.0/24"), announced, prefix("2001:db8:1::/48")]);
});

t.test("wrong flags of MP_REACH_NLRI do not hide its prefixes (§3 c)", async (t) => {
  const update = decodeFields({ attributes: good.origin + good.asPath + reach.replace("800e", "c00e") });
  t.match(update, { announced: [], withdrawn: [announced] });
});

t.test("IPv4 over IPv6 that was not negotiated is withdrawn (RFC 8950 §4)", async (t) => {
  const update = decodeFields(
    { attributes: good.origin + good.asPath + reach },
    { ...modern, extendedNextHop: false },
  );
  t.match(update, { announced: [], withdrawn: [announced], errors: [{ attribute: 14 }] });
});

t.test("NEXT_HOP means nothing without classic NLRI (RFC 4760 §3)", async (t) => {
  const update = decodeFields({ attributes: attributesOf({ nextHop: "400304 00000000" }) + reach });
  t.match(update, { withdrawn: [], announced: [{ prefixes: [announced] }] });
  t.strictSame(update.errors, []);
});

t.test("an error beside MP_REACH_NLRI of another family is no reason to reset (§5.2)", async (t) => {
  const attributes = `${attributesOf({ origin: "40010103" })} 800e05 0019 46 00 00`;
  const update = decodeFields({ attributes });
  t.match(update, { withdrawn: [], announced: [], errors: [{ attribute: 1 }] });
});

t.test("wrong flags of an MP_UNREACH_NLRI alone withdraw what it says (§5.2)", async (t) => {
  const update = decodeFields({ attributes: "c00f0a 0002 01 30 20010db80001" });
  t.match(update, { withdrawn: [prefix("2001:db8:1::/48")], errors: [{ attribute: 15 }] });
});

t.test("inside an AS, confederation segments and LOCAL_PREF are fine", async (t) => {
  const parts = { asPath: "400206 0301 0000fc00", more: "400504 000000c8" };
  const update = decodeFields({ attributes: attributesOf(parts), nlri }, internal);
  t.match(update.attributes, { localPref: 200, asPath: [{ type: "confedSequence", asns: [64512] }] });
});

for (const [name, octets] of [
  ["withdrawn routes", "0001 0000"],
  ["path attributes", "0000 0001"],
  ["withdrawn routes that leave no room for the other length", "0002 0000"],
] as const) {
  t.test(`session reset: lengths overrun the message, ${name} (RFC 4271 §6.3)`, async (t) => {
    t.throws(() => decodeMessage(frame("update", hex(octets)), modern), refusal("malformedAttributeList"));
  });
}
