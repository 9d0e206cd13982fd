import t, { type Test } from "tap";
import type { Transport } from "../../../src/bgp/speaker/host.ts";
import { decodeMessage, encodeMessages } from "../../../src/bgp/wire/codec.ts";
import { describeMessage } from "../../../src/bgp/wire/describe.ts";
import { Framer } from "../../../src/bgp/wire/framer.ts";
import type { Message, Open } from "../../../src/bgp/wire/message.ts";
import type { Address, RouterId } from "../../../src/net/address.ts";
import { asn } from "../../../src/net/asn.ts";
import { MemoryLab } from "../../support/memory-lab.ts";
import { reconfigureSession, removeSession } from "../../support/reconfigure.ts";

/** How sessions end, as the peer hears it. In r2's place is somebody who says what a test wants. */

const SOON_MS = 50;

/** A Router Advertisement with lifetime 0 and no options. */
const advertisement = Uint8Array.from(Buffer.from("8600000040000000".padEnd(32, "0"), "hex"));

const open: Open = {
  type: "open",
  asn: asn(64513),
  holdTime: 90,
  routerId: "0.0.0.2" as RouterId,
  capabilities: [
    { type: "multiprotocol", afi: 1, safi: 1 },
    { type: "fourOctetAsn", asn: 64513 },
  ],
};
const keepalive: Message = { type: "keepalive" };
const refresh: Message = { type: "routeRefresh", afi: 1, subtype: 0, safi: 1 };
const endOfRib = "ffffffffffffffffffffffffffffffff00170200000000";

const octetsOf = (said: Message | string): Uint8Array[] =>
  typeof said === "string" ? [Uint8Array.from(Buffer.from(said, "hex"))] : encodeMessages(said, undefined);

/** What r1 answers to somebody who says this, and nothing more. */
function answers(...said: (Message | string)[]): { lab: MemoryLab; heard: string[] } {
  const lab = new MemoryLab(2);
  const heard: string[] = [];
  lab.member(2).host.listen(179, (transport: Transport) => {
    const framer = new Framer();
    transport.listen({
      connected: () => {},
      received: (octets) => {
        for (const frame of framer.push(octets)) heard.push(describeMessage(decodeMessage(frame, undefined)));
      },
      closed: () => heard.push("closed"),
    });
    for (const octets of said.flatMap(octetsOf)) transport.send(octets);
  });
  lab.member(1).router.start();
  lab.clock.advance(SOON_MS);
  lab.member(2).host.joinDiscovery(1);
  lab.member(2).host.sendDiscovery({ ifindex: 1, address: "ff02::1" as Address }, advertisement);
  lab.clock.advance(SOON_MS);
  return { lab, heard };
}

/** The NOTIFICATION is the last word before the connection is closed. */
function endsWith(t: Test, heard: readonly string[], notification: string): void {
  t.strictSame(heard.slice(-2), [`Notification [ ${notification} ]`, "closed"]);
}

t.test(
  "a message out of place gets the FSM error of the state, with the message's type (RFC 6608 §4)",
  async (t) => {
    const cases: [string, (Message | string)[], string][] = [
      ["KEEPALIVE in OpenSent", [keepalive], "5/1 (unexpected in open sent), data: 04"],
      ["UPDATE in OpenSent", [endOfRib], "5/1 (unexpected in open sent), data: 02"],
      ["ROUTE-REFRESH in OpenSent", [refresh], "5/1 (unexpected in open sent), data: 05"],
      ["UPDATE in OpenConfirm", [open, endOfRib], "5/2 (unexpected in open confirm), data: 02"],
      ["OPEN in OpenConfirm", [open, open], "5/2 (unexpected in open confirm), data: 01"],
      ["ROUTE-REFRESH in OpenConfirm", [open, refresh], "5/2 (unexpected in open confirm), data: 05"],
      ["OPEN in Established", [open, keepalive, open], "5/3 (unexpected in established), data: 01"],
    ];
    for (const [name, said, notification] of cases) {
      await t.test(name, async (t) => endsWith(t, answers(...said).heard, notification));
    }
  },
);

t.test("an OPEN that cannot be accepted gets its code, subcode and data (RFC 4271 §6.2)", async (t) => {
  const cases: [string, Message | string, string][] = [
    ["another AS", { ...open, asn: asn(64514), capabilities: [] }, "2/2 (bad peer as)"],
    [
      "no common family",
      { ...open, capabilities: [{ type: "multiprotocol", afi: 25, safi: 70 }] },
      "2/7 (unsupported capability), data: 010400010001010400020001",
    ],
    [
      "version 3",
      "ffffffffffffffffffffffffffffffff001d0103fc01005a0000000200",
      "2/1 (unsupported version), data: 0004",
    ],
    [
      "hold time 2",
      "ffffffffffffffffffffffffffffffff001d0104fc0100020000000200",
      "2/6 (unacceptable hold time)",
    ],
    [
      "identifier 0",
      "ffffffffffffffffffffffffffffffff001d0104fc01005a0000000000",
      "2/3 (bad bgp identifier)",
    ],
    [
      "authentication",
      "ffffffffffffffffffffffffffffffff001f0104fc01005a00000002020100",
      "2/4 (unsupported optional parameter)",
    ],
    [
      "parameters cut off",
      "ffffffffffffffffffffffffffffffff001e0104fc01005a000000020402",
      "2/0 (malformed open)",
    ],
  ];
  for (const [name, said, notification] of cases) {
    await t.test(name, async (t) => endsWith(t, answers(said).heard, notification));
  }
});

t.test(
  "silence for the hold time ends a session with 4/0, whatever it waits for (RFC 4271 §6.5)",
  async (t) => {
    for (const said of [[], [open], [open, keepalive]]) {
      const { lab, heard } = answers(...said);
      lab.clock.advance(6_100);
      t.ok(heard.includes("Notification [ 4/0 (hold timer expired) ]"), `after ${said.length} messages`);
    }
  },
);

t.test("a NOTIFICATION is not answered with another (RFC 4271 §6.4)", async (t) => {
  const { heard } = answers(open, keepalive, {
    type: "notification",
    code: 6,
    subcode: 2,
    data: new Uint8Array(),
  });
  t.equal(heard.filter((text) => text.startsWith("Notification")).length, 0);
  t.equal(heard.at(-1), "closed");
});

t.test(
  "a session says why it ends by our will, in every state of a connection (RFC 4486, RFC 9003)",
  async (t) => {
    for (const said of [[], [open], [open, keepalive]]) {
      const at = { router: "r1", session: "eth1" };
      const stopped = answers(...said);
      await stopped.lab.member(1).router[Symbol.asyncDispose]();
      stopped.lab.clock.advance(SOON_MS);
      endsWith(t, stopped.heard, '6/2 (administrative shutdown), communication: "the speaker is stopping"');
      const reset = answers(...said);
      reset.lab.member(1).router.execute({ type: "reset", ...at, communication: "déjà vu" });
      reset.lab.clock.advance(5);
      t.ok(reset.heard.includes('Notification [ 6/4 (administrative reset), communication: "déjà vu" ]'));
      const removed = answers(...said);
      removeSession(removed.lab.member(1).router, "eth1");
      removed.lab.clock.advance(SOON_MS);
      endsWith(t, removed.heard, "6/3 (peer deconfigured)");
      const changed = answers(...said);
      reconfigureSession(changed.lab.member(1).router, "eth1", { role: "peer" });
      changed.lab.clock.advance(5);
      t.ok(changed.heard.includes("Notification [ 6/6 (other configuration change) ]"));
    }
  },
);
