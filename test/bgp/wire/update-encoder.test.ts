import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import t from "tap";
import type { NextHop, PathAttributes } from "../../../src/bgp/wire/message.ts";
import type { Address } from "../../../src/net/address.ts";
import { formatPrefix, type Prefix, prefix } from "../../../src/net/prefix.ts";
import { attributes, prefixes } from "./arbitraries.ts";
import {
  concat,
  decodeStream,
  empty,
  encodeText,
  modern,
  roundTrip,
  type TextMessage,
  type TextUpdate,
} from "./octets.ts";

const linkLocal = "fe80::1" as Address;
const attributesOfOne: PathAttributes = { origin: "igp", asPath: [{ type: "sequence", asns: [64512] }] };
/** Different prefixes of full or nearly full length. */
function many(family: 4 | 6, count: number): Prefix[] {
  return Array.from({ length: count }, (_, i) => {
    const octets = new Uint8Array(family === 4 ? 4 : 16);
    octets.set([0x20, i >> 16, i >> 8, i]);
    return formatPrefix(octets, family === 4 ? 32 - (i % 2) * 8 : 64 + (i % 3) * 32);
  });
}

const updates = (messages: readonly TextMessage[]) => messages.filter((message) => message.type === "update");
const gone = (messages: readonly TextMessage[]) => updates(messages).flatMap(({ withdrawn }) => withdrawn);
const come = (messages: readonly TextMessage[]) =>
  updates(messages).flatMap(({ announced }) => announced.flatMap((one) => one.prefixes));

const nextHops: { name: string; family: 4 | 6; nextHop: NextHop }[] = [
  { name: "IPv4, classic", family: 4, nextHop: { global: "192.0.2.1" as Address } },
  { name: "IPv4 over link-local", family: 4, nextHop: { linkLocal } },
  { name: "IPv6", family: 6, nextHop: { global: "2001:db8::1" as Address, linkLocal } },
];

for (const { name, family, nextHop } of nextHops) {
  t.test(`5,000 prefixes are split over messages that all fit, attributes repeated: ${name}`, async (t) => {
    const all = many(family, 5_000);
    const announced = [{ nextHop, prefixes: all }];
    const octets = encodeText({ ...empty, announced, attributes: attributesOfOne }, modern);
    t.ok(octets.length > 3);
    t.ok(octets.every(({ length }) => length <= 4096));
    t.ok(octets.slice(0, -1).every(({ length }) => length > 4096 - 20));
    const received = updates(decodeStream(concat(...octets)));
    t.strictSame(come(received), all);
    for (const update of received) {
      t.match(update, { withdrawn: [], attributes: attributesOfOne, announced: [{ nextHop }], errors: [] });
    }
  });

  t.test(`5,000 withdrawals are split over messages that all fit: ${name}`, async (t) => {
    const all = many(family, 5_000);
    const octets = encodeText({ ...empty, withdrawn: all }, modern);
    t.ok(octets.every(({ length }) => length <= 4096));
    t.strictSame(gone(decodeStream(concat(...octets))), all);
  });
}

t.test(
  "what one UPDATE says at once comes out in parts: withdrawals first, one kind of NLRI in each (RFC 7606 §5.1)",
  async () => {
    fc.assert(
      fc.property(prefixes(4), prefixes(6), attributes, (ipv4, ipv6, path) => {
        const mixed = [...ipv4, ...ipv6];
        const sent: TextUpdate = {
          ...empty,
          withdrawn: mixed,
          announced: [{ nextHop: { linkLocal }, prefixes: mixed }],
          attributes: path,
          endOfRib: 6,
        };
        const received = updates(roundTrip(sent));
        deepStrictEqual(received.length, 5);
        deepStrictEqual(gone(received), mixed);
        deepStrictEqual(come(received), mixed);
        ok(received.slice(0, 2).every(({ announced }) => announced.length === 0));
        deepStrictEqual(received.at(-1), { ...empty, endOfRib: 6 });
      }),
    );
  },
);

t.test(
  "an UPDATE that changes nothing is no message at all: on the wire it would be an End-of-RIB",
  async (t) => {
    t.strictSame(encodeText(empty, modern), []);
  },
);

t.test("prefixes whose attributes leave no room for them are withdrawn (RFC 4271 §9.2)", async (t) => {
  const sized = (length: number): PathAttributes => ({
    ...attributesOfOne,
    unknown: [{ flags: 0xe0, code: 200, value: new Uint8Array(length) }],
  });
  const all = [prefix("10.1.1.1/32"), prefix("10.1.1.2/32")];
  const announced = [{ nextHop: { linkLocal }, prefixes: all }];
  for (let length = 3_990; length < 4_010; length++) {
    const octets = encodeText({ ...empty, announced, attributes: sized(length) }, modern);
    t.ok(octets.every((one) => one.length <= 4096));
    const received = decodeStream(concat(...octets));
    t.strictSame([...come(received), ...gone(received)].toSorted(), all);
  }
  const tooLong = roundTrip({ ...empty, announced, attributes: sized(4_080) });
  t.strictSame(gone(tooLong), all);
});

t.test("a sequence longer than a segment takes several (RFC 4271 §4.3)", async (t) => {
  const asns = Array.from({ length: 300 }, (_, i) => i + 1);
  const announced = [{ nextHop: { linkLocal }, prefixes: [prefix("10.0.0.0/8")] }];
  const path: PathAttributes = { origin: "igp", asPath: [{ type: "sequence", asns }] };
  const [received] = updates(roundTrip({ ...empty, announced, attributes: path }));
  t.strictSame(
    received?.attributes?.asPath.map((segment) => segment.asns.length),
    [255, 45],
  );
  t.strictSame(
    received?.attributes?.asPath.flatMap((segment) => [...segment.asns]),
    asns,
  );
});

t.test("what cannot be said is a mistake of ours", async (t) => {
  const ipv6 = { nextHop: { global: "192.0.2.1" as Address }, prefixes: [prefix("2001:db8::/32")] };
  const nowhere = { nextHop: {}, prefixes: [prefix("10.0.0.0/8")] };
  const noAttributes = { ...empty, announced: [nowhere] };
  t.throws(() => encodeText(noAttributes, modern), RangeError);
  for (const announcement of [ipv6, nowhere]) {
    const update = { ...empty, announced: [announcement], attributes: attributesOfOne };
    t.throws(() => encodeText(update, modern), RangeError);
  }
});

t.test("a peer that takes extended messages gets fewer and longer ones (RFC 8654 §4)", async (t) => {
  const update: TextUpdate = {
    ...empty,
    announced: [{ nextHop: { linkLocal }, prefixes: many(6, 8000) }],
    attributes: attributesOfOne,
  };
  const extended = { ...modern, extendedMessages: true };
  const lengths = encodeText(update, extended).map(({ length }) => length);
  t.ok(lengths.length < encodeText(update, modern).length / 10, `${lengths.length} messages`);
  t.ok(
    lengths.every((length) => length <= 65_535),
    `${lengths}`,
  );
  t.ok(lengths.some((length) => length > 65_500));
  t.strictSame(come(roundTrip(update, extended)), many(6, 8000));
});

t.test(
  "attributes that fit an extended message alone are withdrawn from other peers (RFC 8654 §4)",
  async (t) => {
    const communities = Array.from({ length: 2000 }, (_, index) => index);
    const route = many(4, 1);
    const update: TextUpdate = {
      ...empty,
      announced: [{ nextHop: { linkLocal }, prefixes: route }],
      attributes: { ...attributesOfOne, communities },
    };
    t.strictSame(come(roundTrip(update, { ...modern, extendedMessages: true })), route);
    t.strictSame(gone(roundTrip(update)), route);
  },
);
