import t from "tap";
import type { Encoding } from "../../../src/bgp/wire/message.ts";
import type { NotificationReason } from "../../../src/bgp/wire/notification.ts";
import { prefix } from "../../../src/net/prefix.ts";
import { decodeFields, modern, refusal } from "./octets.ts";

/** What `malformed.test.ts` cannot say in a line: several errors at once, and what goes with a NOTIFICATION. */

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
const fe80 = "fe800000000000000000000000000001";
const reach = `800e19 0001 01 10 ${fe80} 00 18 0a0101`;

const attributesOf = (parts: Partial<typeof good>) => Object.values({ ...good, ...parts }).join("");

const resets: { attribute: string; reason: NotificationReason }[] = [
  { attribute: "800e0a 0001 01 05 0102030405 00", reason: "optionalAttributeError" },
  { attribute: "800e09 0002 01 04 c0000201 00", reason: "optionalAttributeError" },
  { attribute: "800e05 0001 01 10 fe", reason: "optionalAttributeError" },
  { attribute: "800f02 0001", reason: "optionalAttributeError" },
  { attribute: "40c801 01", reason: "unrecognizedWellKnownAttribute" },
];

for (const { attribute, reason } of resets) {
  t.test(`the NOTIFICATION carries the attribute ${attribute} (RFC 4271 §6.3)`, async (t) => {
    t.throws(
      () => decodeFields({ attributes: attributesOf({ more: attribute }), nlri }),
      refusal(reason, attribute),
    );
  });
}

t.test("a malformed attribute is told in words, and withdraws what is announced", async (t) => {
  const update = decodeFields({ attributes: attributesOf({ origin: "40010103" }), nlri });
  t.strictSame(update.errors, [{ approach: "treatAsWithdraw", attribute: 1, message: "ORIGIN: value 3" }]);
  t.strictSame(update.withdrawn, [announced]);
});

t.test("the Partial bit of what we know is kept, and that of AS4_PATH is not (RFC 4271 §5)", async (t) => {
  const more = "e00804 00000001 c01008 0002fc0000000001 e0200c 000000010000000200000003 e02304 0000fc00";
  t.match(decodeFields({ attributes: attributesOf({ more }), nlri }).attributes, { partial: [8, 32, 35] });
  const twoOctets = { asPath: "400204 0201 5ba0", more: "e01106 0201 00010000" };
  const update = decodeFields(
    { attributes: attributesOf(twoOctets), nlri },
    { ...modern, fourOctetAsn: false },
  );
  t.strictSame(update.attributes, { origin: "igp", asPath: [{ type: "sequence", asns: [65536] }] });
});

t.test("a large community that comes twice counts once (RFC 8092 §5)", async (t) => {
  const more = "c02018 000000010000000200000003 000000010000000200000003";
  t.strictSame(decodeFields({ attributes: attributesOf({ more }), nlri }).attributes?.largeCommunities, [
    [1, 2, 3],
  ]);
});

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
