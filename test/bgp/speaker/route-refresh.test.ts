import t from "tap";
import { ourOpen } from "../../../src/bgp/session/parameters.ts";
import type { Transport } from "../../../src/bgp/speaker/host.ts";
import { decodeMessage, encodeMessages } from "../../../src/bgp/wire/codec.ts";
import { describeMessage } from "../../../src/bgp/wire/describe.ts";
import { Framer } from "../../../src/bgp/wire/framer.ts";
import type { Encoding, Message, Update } from "../../../src/bgp/wire/message.ts";
import { nlri } from "../../../src/bgp/wire/nlri.ts";
import type { Address } from "../../../src/net/address.ts";
import { MemoryLab } from "../../support/memory-lab.ts";
import { peerParameters } from "../../support/session.ts";

/** Route refresh with marks (RFC 7313), between r1 and somebody who says what a test wants in r2's place. */

const SOON_MS = 50;

/** A Router Advertisement with lifetime 0 and no options. */
const advertisement = Uint8Array.from(Buffer.from("8600000040000000".padEnd(32, "0"), "hex"));

const encoding: Encoding = {
  fourOctetAsn: true,
  families: [4, 6],
  extendedNextHop: true,
  extendedMessages: true,
  external: true,
  addPath: { receive: [], send: [] },
};

const announced = (...prefixes: string[]): Update => ({
  type: "update",
  withdrawn: [],
  announced: nlri(prefixes).map((each) => ({
    nextHop: { linkLocal: "fe80::2" as Address },
    nlri: each,
  })),
  attributes: { origin: "igp", asPath: [{ type: "sequence", asns: [64513] }] },
  endOfRib: undefined,
  errors: [],
});

const mark = (subtype: number): Message => ({ type: "routeRefresh", afi: 1, subtype, safi: 1 });

/** r1 and its peer, Established; the peer has told of two routes. */
function established() {
  const lab = new MemoryLab(2);
  const heard: string[] = [];
  const transports: Transport[] = [];
  const say = (...messages: Message[]) => {
    const octets = messages.flatMap((message) => encodeMessages(message, encoding));
    for (const each of octets) transports.at(-1)?.send(each);
    lab.clock.advance(SOON_MS);
  };
  lab.member(2).host.listen(179, (transport) => {
    const framer = new Framer();
    transports.push(transport);
    const received = (octets: Uint8Array) => {
      for (const frame of framer.push(octets)) heard.push(describeMessage(decodeMessage(frame, encoding)));
    };
    transport.listen({ connected: () => {}, received, closed: () => {} });
  });
  lab.member(1).router.start();
  lab.clock.advance(SOON_MS);
  lab.member(2).host.joinDiscovery(1);
  lab.member(2).host.sendDiscovery({ ifindex: 1, address: "ff02::1" as Address }, advertisement);
  lab.clock.advance(SOON_MS);
  say(ourOpen(peerParameters), { type: "keepalive" }, announced("10.0.2.0/24", "10.0.7.0/24"));
  return { lab, heard, say, prefixes: () => Object.keys(lab.forwarding(1)) };
}

t.test(
  "a route that the peer forgot to withdraw is gone after a refresh that somebody asked for",
  async (t) => {
    const { lab, heard, say, prefixes } = established();
    t.strictSame(prefixes(), ["10.0.2.0/24", "10.0.7.0/24"]);
    t.strictSame(lab.member(1).router.execute({ type: "refresh", router: "r1", session: "eth1" }), {
      effects: ["live"],
    });
    lab.clock.advance(SOON_MS);
    t.ok(heard.includes("Route Refresh [ afi: 1, safi: 1, subtype: 0 ]"));
    say(mark(1), announced("10.0.2.0/24"));
    t.strictSame(prefixes(), ["10.0.2.0/24", "10.0.7.0/24"], "until the end of it nothing changes");
    say(mark(2));
    t.strictSame(prefixes(), ["10.0.2.0/24"]);
    t.match(lab.session(1, "eth1"), { state: "Established", establishedCount: 1 });
  },
);

t.test("a peer that asks hears where the routes begin and end", async (t) => {
  const { heard, say } = established();
  heard.length = 0;
  say(mark(0));
  t.match(heard, [
    "Route Refresh [ afi: 1, safi: 1, subtype: 1 ]",
    /^Update \[ announced: \[ 10\.0\.1\.0\/24 \]/,
    "Route Refresh [ afi: 1, safi: 1, subtype: 2 ]",
  ]);
  t.equal(heard.length, 3);
});

t.test("two speakers refresh each other, and lose nothing", async (t) => {
  const lab = new MemoryLab(3);
  lab.start();
  lab.clock.advance(SOON_MS);
  const before = [1, 2, 3].map((number) => lab.forwarding(number));
  lab.member(2).router.execute({ type: "refresh", router: "r2", session: "eth0" });
  lab.clock.advance(SOON_MS);
  t.strictSame(
    [1, 2, 3].map((number) => lab.forwarding(number)),
    before,
  );
  const marks = lab
    .member(2)
    .log.flatMap(({ msg = "", message_contents: contents = "" }) =>
      msg.startsWith("recv") && contents.startsWith("Route Refresh") ? [contents] : [],
    );
  t.strictSame(
    marks,
    [1, 2].flatMap((afi) =>
      [1, 2].map((subtype) => `Route Refresh [ afi: ${afi}, safi: 1, subtype: ${subtype} ]`),
    ),
  );
});
