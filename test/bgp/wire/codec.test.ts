import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import t from "tap";
import { decodeMessage, encodeBatch, encodeMessages } from "../../../src/bgp/wire/codec.ts";
import { encodeMessage } from "../../../src/bgp/wire/header.ts";
import {
  type Encoding,
  emptyUpdate,
  type Message,
  type PathAttributes,
  WireError,
} from "../../../src/bgp/wire/message.ts";
import { nlri } from "../../../src/bgp/wire/nlri.ts";
import type { Address } from "../../../src/net/address.ts";
import { prefix } from "../../../src/net/prefix.ts";
import { internalAttributes, message, routeRefresh, update } from "./arbitraries.ts";
import {
  concat,
  decodeStream,
  encodeText,
  frame,
  hex,
  modern,
  refusal,
  roundTrip,
  type TextUpdate,
  written,
} from "./octets.ts";

const noPaths: Encoding["addPath"] = { receive: [], send: [] };

const encodings = fc.record<Encoding>({
  fourOctetAsn: fc.boolean(),
  extendedMessages: fc.boolean(),
  families: fc.constantFrom([4], [6], [4, 6]),
  extendedNextHop: fc.boolean(),
  external: fc.boolean(),
  addPath: fc.constantFrom(noPaths, { receive: [4], send: [6] }, { receive: [4, 6], send: [4, 6] }),
});

/** Runs `read`; a WireError is an answer, too, and anything else is a bug. */
function answers(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof WireError) return true;
    throw error;
  }
}

t.test("every message comes back as it was", async () => {
  fc.assert(
    fc.property(message, (sent) => deepStrictEqual(roundTrip(sent), [sent])),
    { numRuns: 1_000 },
  );
});

t.test("an UPDATE comes back as it was inside an AS, with all that stays there", async () => {
  const internal = { ...modern, external: false };
  fc.assert(
    fc.property(update, internalAttributes, (sent, more) => {
      const full = sent.attributes ? { ...sent, attributes: { ...sent.attributes, ...more } } : sent;
      deepStrictEqual(roundTrip(full, internal), [full]);
    }),
  );
});

t.test("an UPDATE with path identifiers comes back as it was (RFC 7911 §3)", async () => {
  const paths: Encoding = { ...modern, addPath: { receive: [4, 6], send: [4, 6] } };
  const pathId = fc.integer({ min: 0, max: 0xffff_ffff });
  fc.assert(
    fc.property(update, fc.array(pathId, { minLength: 12, maxLength: 12 }), (sent, ids) => {
      const identified = (list: TextUpdate["withdrawn"]) =>
        list.map((one, index) => ({
          prefix: typeof one === "string" ? one : one.prefix,
          pathId: ids[index] ?? 0,
        }));
      const full: TextUpdate = {
        ...sent,
        withdrawn: identified(sent.withdrawn),
        announced: sent.announced.map(({ nextHop, prefixes }) => ({
          nextHop,
          prefixes: identified(prefixes),
        })),
      };
      deepStrictEqual(roundTrip(full, paths), [full]);
    }),
  );
});

t.test("a batch is the messages that single ones would be, one behind the other", async () => {
  const linkLocal = "fe80::1" as Address;
  fc.assert(
    fc.property(fc.array(fc.oneof(update, routeRefresh), { maxLength: 6 }), (sent) => {
      const messages = sent.map((one) => (one.type === "update" ? written(one) : one));
      const { octets, count } = encodeBatch(messages, modern, () => ({ linkLocal }));
      const single = sent.flatMap((one) => encodeText(one));
      deepStrictEqual(octets, concat(...single));
      deepStrictEqual(count, single.length);
    }),
  );
});

t.test("an announcement without a next hop has the sender's own, by family", async (t) => {
  const attributes: PathAttributes = { origin: "igp", asPath: [] };
  const announced = nlri(["10.0.0.0/8", "2001:db8::/32"]).map((one) => ({ nextHop: {}, nlri: one }));
  const own = { 4: { linkLocal: "fe80::4" as Address }, 6: { linkLocal: "fe80::6" as Address } };
  const { octets } = encodeBatch(
    [{ ...emptyUpdate, announced, attributes }],
    modern,
    (family) => own[family],
  );
  t.match(decodeStream(octets), [
    { announced: [{ nextHop: { linkLocal: "fe80::4" } }] },
    { announced: [{ nextHop: { linkLocal: "fe80::6" } }] },
  ]);
});

t.test("path identifiers against what was negotiated are a mistake of ours (RFC 7911 §5)", async (t) => {
  const paths: Encoding = { ...modern, addPath: { receive: [], send: [4] } };
  const without = { ...emptyUpdate, withdrawn: nlri(["10.0.0.0/8"]) };
  const withThem = { ...emptyUpdate, withdrawn: nlri([{ prefix: prefix("10.0.0.0/8"), pathId: 1 }]) };
  t.throws(() => encodeMessages(without, paths), RangeError);
  t.throws(() => encodeMessages(withThem, modern), RangeError);
  t.equal(encodeMessages(withThem, paths).length, 1);
});

t.test("any body of any type gives a message or a WireError", async () => {
  const types = fc.constantFrom<Message["type"]>("open", "update", "routeRefresh");
  fc.assert(
    fc.property(types, fc.uint8Array({ maxLength: 200 }), encodings, (type, body, encoding) =>
      answers(() => decodeMessage(frame(type, body), encoding)),
    ),
    { numRuns: 5_000 },
  );
});

t.test("any stream of octets gives messages or a WireError", async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => answers(() => decodeStream(octets))),
    { numRuns: 1_000 },
  );
});

t.test("valid messages with some octets changed give messages or a WireError", async () => {
  const changes = fc.array(fc.record({ at: fc.nat(), octet: fc.integer({ min: 0, max: 255 }) }), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(message, changes, encodings, (sent, list, encoding) =>
      answers(() => {
        for (const octets of encodeText(sent)) {
          // Behind the marker, so that most of the changes are looked at.
          for (const { at, octet } of list) octets[16 + (at % (octets.length - 16))] = octet;
          decodeStream(octets, encoding);
        }
      }),
    ),
    { numRuns: 5_000 },
  );
});

t.test("a body cut short anywhere gives a message or a WireError", async () => {
  fc.assert(
    fc.property(message, fc.nat(), (sent, cut) =>
      answers(() => {
        const [octets = new Uint8Array()] = encodeText(sent);
        const body = octets.subarray(19);
        decodeStream(encodeMessage(sent.type, body.subarray(0, cut % (body.length + 1))));
      }),
    ),
    { numRuns: 1_000 },
  );
});

t.test(
  "a ROUTE-REFRESH of another length is refused with the whole message as data (RFC 7313 §5)",
  async (t) => {
    const octets = encodeMessage("routeRefresh", hex("0001 00 01 ff"));
    t.throws(() => decodeStream(octets), refusal("routeRefreshLength", octets));
    t.strictSame(decodeStream(encodeMessage("routeRefresh", hex("0002 01 80"))), [
      { type: "routeRefresh", afi: 2, subtype: 1, safi: 128 },
    ]);
  },
);

t.test("a NOTIFICATION keeps codes that nobody knows, and cuts data that does not fit", async (t) => {
  const unknown: Message = { type: "notification", code: 200, subcode: 99, data: hex("0102") };
  t.strictSame(roundTrip(unknown), [unknown]);
  const [octets] = encodeMessages({ ...unknown, data: new Uint8Array(4096) }, undefined);
  t.equal(octets?.length, 4096);
});

t.test("an UPDATE before both OPENs is not looked into", async (t) => {
  const broken = frame("update", hex("ffff ffff"));
  t.match(decodeMessage(broken, undefined), { type: "update", withdrawn: [], announced: [] });
  t.throws(() => decodeMessage(broken, modern), refusal("malformedAttributeList"));
  t.throws(
    () =>
      encodeMessages(
        { type: "update", withdrawn: [], announced: [], attributes: undefined, endOfRib: 4, errors: [] },
        undefined,
      ),
    RangeError,
  );
});

t.test("messages one behind the other in one chunk all come out", async () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 5 }), (sent) => {
      const stream = concat(...sent.flatMap((one) => encodeText(one)));
      deepStrictEqual(decodeStream(stream), sent);
    }),
  );
});
