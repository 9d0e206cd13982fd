import fc from "fast-check";
import t from "tap";
import { decodeAcknowledgement } from "../../../src/linux/rtnetlink/acknowledgement.ts";
import { decodeAddress } from "../../../src/linux/rtnetlink/address.ts";
import { addVeth, decodeLink } from "../../../src/linux/rtnetlink/link.ts";
import {
  attribute,
  concat,
  decodeAttributes,
  decodeMessages,
  encodeMessage,
  nested,
  readText,
  readU32,
  text,
  u32,
} from "../../../src/linux/rtnetlink/message.ts";
import { decodeEvent } from "../../../src/linux/rtnetlink/monitor.ts";
import { decodeRoute, type RouteTarget, RTPROT_FE80 } from "../../../src/linux/rtnetlink/route.ts";
import { replaceRequest } from "../../../src/linux/rtnetlink/route-request.ts";
import type { Address } from "../../../src/net/address.ts";
import { prefix } from "../../../src/net/prefix.ts";

const hex = (octets: Uint8Array) => Buffer.from(octets).toString("hex");

t.test(
  "a message has its length, type, flags and sequence number before its body (netlink(7))",
  async (t) => {
    const request = { operation: ["add", "x"], type: 16, flags: 5, body: Uint8Array.of(1, 2, 3) } as const;
    t.equal(hex(encodeMessage(request, 7)), "13000000100005000700000000000000" + "01020300");
    t.match(decodeMessages(encodeMessage(request, 7)), [
      { type: 16, flags: 5, sequence: 7, body: request.body },
    ]);
  },
);

t.test("attributes are aligned to four octets and may nest (rtnetlink(7))", async (t) => {
  const octets = concat(nested(18, attribute(1, text("veth"))), attribute(4, u32(1500)));
  t.equal(hex(octets), "10001280" + "09000100" + "7665746800000000" + "08000400" + "dc050000");
  const outer = decodeAttributes(octets);
  t.equal(readU32(outer.get(4)), 1500);
  t.equal(readText(decodeAttributes(outer.get(18) ?? new Uint8Array()).get(1)), "veth");
});

t.test("messages come out as they went in", async () => {
  const request = fc.record({
    type: fc.integer({ min: 0, max: 0xffff }),
    flags: fc.integer({ min: 0, max: 0xffff }),
    body: fc.uint8Array({ maxLength: 20 }),
  });
  fc.assert(
    fc.property(fc.array(request, { maxLength: 4 }), (requests) => {
      const octets = concat(...requests.map((r, at) => encodeMessage({ ...r, operation: ["", ""] }, at)));
      const decoded = decodeMessages(octets).map(({ type, flags, body }) => ({ type, flags, body }));
      return JSON.stringify(decoded) === JSON.stringify(requests);
    }),
  );
});

t.test("any octets are decoded to something or to nothing, and never throw", async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.integer({ min: 0, max: 30 }), (octets, type) => {
      decodeMessages(octets);
      decodeAttributes(octets);
      decodeLink(octets);
      decodeAddress(octets);
      decodeRoute(octets);
      for (const flags of [0, 0x100, 0x200, 0x300]) {
        decodeAcknowledgement({ type: 2, flags, sequence: 1, body: octets });
      }
      decodeEvent({ type, flags: 0, sequence: 0, body: octets });
    }),
    { numRuns: 2000 },
  );
});

t.test("octets like the kernel's, with lengths and attributes that lie, never throw either", async () => {
  const ifinfomsg = Uint8Array.of(0, 0, 1, 0, 1, 0, 0, 0, 0x43, 0, 0, 0, 0, 0, 0, 0);
  const ifaddrmsg = Uint8Array.of(10, 64, 0, 0, 1, 0, 0, 0);
  const rtmsg = Uint8Array.of(2, 24, 0, 0, 254, 80, 0, 1, 0, 0, 0, 0);
  const attributes = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.uint8Array({ maxLength: 20 })), { maxLength: 6 })
    .map((list) => concat(...list.map(([type, value]) => attribute(type, value))));
  fc.assert(
    fc.property(attributes, (rest) => {
      decodeLink(concat(ifinfomsg, rest));
      decodeAddress(concat(ifaddrmsg, rest));
      decodeRoute(concat(rtmsg, rest));
    }),
  );
});

t.test("an acknowledgement carries the kernel's own words where there are some", async (t) => {
  const echo = new Uint8Array(16);
  const body = concat(u32(2 ** 32 - 22), echo, attribute(1, text("Invalid prefix")));
  t.same(decodeAcknowledgement({ type: 2, flags: 0x300, sequence: 1, body }), {
    errno: 22,
    detail: "Invalid prefix",
  });
  t.same(decodeAcknowledgement({ type: 2, flags: 0x100, sequence: 1, body: concat(u32(0), echo) }), {
    errno: 0,
    detail: undefined,
  });
});

t.test("a route decodes to what was asked for, IPv4 through IPv6 too (RFC 8950)", async (t) => {
  const via = (gateway?: string, ifindex = 100) => ({ ifindex, gateway: gateway as Address | undefined });
  const targets: RouteTarget[] = [
    [via("fe80::2")],
    [via()],
    [via("fe80::2"), via("fe80::3", 101)],
    [via("fe80::2"), via("fe80::2", 101), via("fe80::2", 102)],
    "blackhole",
  ];
  for (const target of targets) {
    const any = { protocol: RTPROT_FE80, target };
    t.same(decodeRoute(replaceRequest(4, target).subarray(16)), { prefix: prefix("0.0.0.0/0"), ...any });
    t.same(decodeRoute(replaceRequest(6, target).subarray(16)), { prefix: prefix("::/0"), ...any });
  }
  const ipv4 = [via("192.0.2.1")];
  t.match(decodeRoute(replaceRequest(4, ipv4).subarray(16)), { target: ipv4 });
});

t.test("a veth's peer is described whole, so that it is made in place", async (t) => {
  const { body } = addVeth({
    ends: [
      { ifname: "eth0", ifindex: 100, mac: "02:fe:80:00:00:01" },
      { ifname: "eth1", ifindex: 101, mac: "02:fe:80:00:00:02" },
    ],
    mtu: 9000,
    peerNetnsFd: 42,
  });
  t.match(decodeLink(body), { ifname: "eth0", ifindex: 100, mac: "02:fe:80:00:00:01", mtu: 9000 });
  const inside = (octets: Uint8Array, type: number) => decodeAttributes(octets).get(type) ?? new Uint8Array();
  const peer = inside(inside(inside(body.subarray(16), 18), 2), 1);
  t.match(decodeLink(peer), { ifname: "eth1", ifindex: 101, mac: "02:fe:80:00:00:02", mtu: 9000 });
  t.equal(readU32(decodeAttributes(peer.subarray(16)).get(28)), 42);
});
