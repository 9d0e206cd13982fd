import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import t from "tap";
import type { Notification } from "../../../src/bgp/wire/message.ts";
import {
  encodeShutdownCommunication,
  shutdownCommunication,
} from "../../../src/bgp/wire/shutdown-communication.ts";
import { hex } from "./octets.ts";

const cease = (subcode: number, data: Uint8Array): Notification => ({
  type: "notification",
  code: 6,
  subcode,
  data,
});

t.test("a shutdown or a reset may say why (RFC 9003 §2)", async (t) => {
  const data = encodeShutdownCommunication("wartung bis 3 Uhr – bitte warten");
  for (const subcode of [2, 4]) {
    t.equal(shutdownCommunication(cease(subcode, data)), "wartung bis 3 Uhr – bitte warten");
  }
  t.equal(shutdownCommunication(cease(7, data)), undefined, "no other Cease does");
  t.equal(shutdownCommunication({ ...cease(2, data), code: 4 }), undefined);
});

t.test("what is no communication is passed over", async (t) => {
  for (const data of ["", "00", "05 6869", "02 686921", "02 c328"]) {
    t.equal(shutdownCommunication(cease(2, hex(data))), undefined, data);
  }
});

t.test("a text of any length comes back, cut between characters at 255 octets", async () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 400, unit: "grapheme" }), (text) => {
      const data = encodeShutdownCommunication(text);
      const back = shutdownCommunication(cease(2, data)) ?? "";
      deepStrictEqual(back, text.slice(0, back.length));
      deepStrictEqual(data.length <= 256, true);
      if (new TextEncoder().encode(text).length <= 255) deepStrictEqual(back, text);
      else deepStrictEqual(data.length > 256 - 4, true);
    }),
  );
});
