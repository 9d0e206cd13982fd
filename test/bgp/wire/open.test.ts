import t from "tap";
import { encodeMessages } from "../../../src/bgp/wire/codec.ts";
import { encodeMessage } from "../../../src/bgp/wire/header.ts";
import type { Capability, GracefulRestart, Open } from "../../../src/bgp/wire/message.ts";
import type { NotificationReason } from "../../../src/bgp/wire/notification.ts";
import { parseRouterId, type RouterId } from "../../../src/net/address.ts";
import { asn } from "../../../src/net/asn.ts";
import { decodeStream, hex, refusal, roundTrip } from "./octets.ts";

const routerId = (text: string) => parseRouterId(text) as RouterId;
const ipv4Unicast: Capability = { type: "multiprotocol", afi: 1, safi: 1 };
const ipv6Unicast: Capability = { type: "multiprotocol", afi: 2, safi: 1 };
const routeRefresh: Capability = { type: "routeRefresh" };
const extendedNextHop: Capability = {
  type: "extendedNextHop",
  entries: [{ afi: 1, safi: 1, nextHopAfi: 2 }],
};
const unknown = (code: number, value: string): Capability => ({ type: "unknown", code, value: hex(value) });

const receivesPaths: Capability = { type: "addPath", entries: [{ afi: 1, safi: 1, mode: 1 }] };

const gracefulRestart = (some: Partial<GracefulRestart>): Capability => ({
  type: "gracefulRestart",
  restarting: false,
  notification: false,
  restartTime: 120,
  families: [],
  ...some,
});

const vectors: { name: string; octets: string; open: Open; form?: "only read" }[] = [
  {
    name: "the seed's OPEN, which wants to receive several paths",
    octets: `ffffffffffffffffffffffffffffffff003b01 04fc000006000000011e021c
      0104000100010200050600010001000241040000fc00450400010101`,
    open: {
      type: "open",
      asn: asn(64512),
      holdTime: 6,
      routerId: routerId("0.0.0.1"),
      capabilities: [
        ipv4Unicast,
        routeRefresh,
        extendedNextHop,
        { type: "fourOctetAsn", asn: 64512 },
        receivesPaths,
      ],
    },
  },
  {
    name: "FRR's: one optional parameter a capability",
    octets: `ffffffffffffffffffffffffffffffff007301 04 fde9 00b4 0a000001 56
      0206 0104 0001 0001
      0208 0506 0001 0001 0002
      0202 8000
      0202 0200
      0202 4600
      0206 4104 0000fde9
      0202 0600
      0206 4504 00010101
      0211 490f 0d 64656269616e2d31322d667272 00
      0204 4002 c078
      0209 4707 0001 01 80 000000`,
    open: {
      type: "open",
      asn: asn(65001),
      holdTime: 180,
      routerId: routerId("10.0.0.1"),
      capabilities: [
        ipv4Unicast,
        extendedNextHop,
        unknown(128, ""),
        routeRefresh,
        { type: "enhancedRouteRefresh" },
        { type: "fourOctetAsn", asn: 65001 },
        { type: "extendedMessage" },
        receivesPaths,
        { type: "fqdn", hostname: "debian-12-frr", domain: "" },
        gracefulRestart({ restarting: true, notification: true }),
        unknown(71, "00010180000000"),
      ],
    },
    form: "only read",
  },
  {
    name: "BIRD's: one optional parameter, 1 2 5 64 65 70 71",
    octets: `ffffffffffffffffffffffffffffffff004101 04 fdea 00f0 0a000002 24
      0222 0104 0001 0001 0200 0506 0001 0001 0002 4006 0078 00010100 4104 0000fdea 4600 4700`,
    open: {
      type: "open",
      asn: asn(65002),
      holdTime: 240,
      routerId: routerId("10.0.0.2"),
      capabilities: [
        ipv4Unicast,
        routeRefresh,
        extendedNextHop,
        gracefulRestart({ families: [{ afi: 1, safi: 1, forwarding: false }] }),
        { type: "fourOctetAsn", asn: 65002 },
        { type: "enhancedRouteRefresh" },
        unknown(71, ""),
      ],
    },
  },
  {
    name: "GoBGP's: one optional parameter, 2 73 1 1 65 5, ENH for two families",
    octets: `ffffffffffffffffffffffffffffffff004701 04 fdea 005a 0a000002 2a
      0228 0200 4904 02 6732 00 0104 0001 0001 0104 0002 0001 4104 0000fdea
      050c 0001 0001 0002 0001 0080 0002`,
    open: {
      type: "open",
      asn: asn(65002),
      holdTime: 90,
      routerId: routerId("10.0.0.2"),
      capabilities: [
        routeRefresh,
        { type: "fqdn", hostname: "g2", domain: "" },
        ipv4Unicast,
        ipv6Unicast,
        { type: "fourOctetAsn", asn: 65002 },
        {
          type: "extendedNextHop",
          entries: [
            { afi: 1, safi: 1, nextHopAfi: 2 },
            { afi: 1, safi: 128, nextHopAfi: 2 },
          ],
        },
      ],
    },
  },
  {
    name: "four-octet ASN behind AS_TRANS (RFC 6793 §9)",
    octets: `ffffffffffffffffffffffffffffffff002501 04 5ba0 005a 0a000001 08 0206 4104 00010000`,
    open: {
      type: "open",
      asn: asn(65536),
      holdTime: 90,
      routerId: routerId("10.0.0.1"),
      capabilities: [{ type: "fourOctetAsn", asn: 65536 }],
    },
  },
  {
    name: "ours, with every capability",
    octets: `ffffffffffffffffffffffffffffffff003f01 04 fc00 0006 00000001 22
      0220 0104 0001 0001 0200 0600 0901 03 4104 0000fc00 4600 4906 02 7231 02 6c6a 4901 05`,
    open: {
      type: "open",
      asn: asn(64512),
      holdTime: 6,
      routerId: routerId("0.0.0.1"),
      capabilities: [
        ipv4Unicast,
        routeRefresh,
        { type: "extendedMessage" },
        { type: "role", role: 3 },
        { type: "fourOctetAsn", asn: 64512 },
        { type: "enhancedRouteRefresh" },
        { type: "fqdn", hostname: "r1", domain: "lj" },
        unknown(73, "05"), // a name cut off is no reason to refuse a peer
      ],
    },
  },
  {
    name: "no optional parameters at all, and no keepalives",
    octets: "ffffffffffffffffffffffffffffffff001d01 04 fde9 0000 ffffffff 00",
    open: {
      type: "open",
      asn: asn(65001),
      holdTime: 0,
      routerId: routerId("255.255.255.255"),
      capabilities: [],
    },
  },
  {
    name: "the extended form, though short, with another octet than 255 before it (RFC 9072 §2)",
    octets: `ffffffffffffffffffffffffffffffff002901 04 fde9 005a 0a000001 07 ff 0009 02 0006 4104 0000fde9`,
    open: {
      type: "open",
      asn: asn(65001),
      holdTime: 90,
      routerId: routerId("10.0.0.1"),
      capabilities: [{ type: "fourOctetAsn", asn: 65001 }],
    },
    form: "only read",
  },
];

for (const { name, octets, open, form } of vectors) {
  t.test(`OPEN: ${name}`, async (t) => {
    t.strictSame(decodeStream(hex(octets)), [open]);
    t.strictSame(roundTrip(open), [open]);
    if (form !== "only read") t.strictSame(encodeMessages(open, undefined), [hex(octets)]);
  });
}

t.test("capabilities too long for the classic form take the extended one (RFC 9072 §2)", async (t) => {
  const long = (length: number): Open => ({
    type: "open",
    asn: asn(65001),
    holdTime: 90,
    routerId: routerId("10.0.0.1"),
    capabilities: [unknown(200, "aa".repeat(length))],
  });
  for (const length of [250, 251, 252, 255]) t.strictSame(roundTrip(long(length)), [long(length)]);
  const [classic, extended] = [250, 251].map((length) => encodeMessages(long(length), undefined)[0]);
  t.strictSame(classic?.subarray(28, 30), hex("fe 02"));
  t.strictSame(extended?.subarray(28, 32), hex("ff ff 0100"));
});

const wrong: { name: string; body: string; reason: NotificationReason; data?: string }[] = [
  { name: "version 3", body: "03 fde9 005a 0a000001 00", reason: "unsupportedVersion", data: "0004" },
  { name: "AS 0 (RFC 7607 §2)", body: "04 0000 005a 0a000001 00", reason: "badPeerAs" },
  { name: "AS 65535 (RFC 7300)", body: "04 ffff 005a 0a000001 00", reason: "badPeerAs" },
  { name: "four-octet AS 0", body: "04 5ba0 005a 0a000001 08 0206 4104 00000000", reason: "badPeerAs" },
  {
    name: "AS 0 beside a good one",
    body: "04 0000 005a 0a000001 08 0206 4104 00000001",
    reason: "badPeerAs",
  },
  { name: "hold time 1", body: "04 fde9 0001 0a000001 00", reason: "unacceptableHoldTime" },
  { name: "hold time 2", body: "04 fde9 0002 0a000001 00", reason: "unacceptableHoldTime" },
  { name: "BGP identifier 0", body: "04 fde9 005a 00000000 00", reason: "badBgpIdentifier" },
  {
    name: "authentication (RFC 4271 §6.2)",
    body: "04 fde9 005a 0a000001 02 0100",
    reason: "unsupportedOptionalParameter",
  },
  { name: "parameters cut off", body: "04 fde9 005a 0a000001 08 0206 4104", reason: "malformedOpen" },
  { name: "octets behind the parameters", body: "04 fde9 005a 0a000001 00 00", reason: "malformedOpen" },
  { name: "a parameter that overruns", body: "04 fde9 005a 0a000001 02 0204", reason: "malformedOpen" },
  { name: "a capability that overruns", body: "04 fde9 005a 0a000001 04 0202 4104", reason: "malformedOpen" },
  { name: "extended lengths cut off", body: "04 fde9 005a 0a000001 ff ff 00", reason: "malformedOpen" },
  {
    name: "a four-octet ASN of five",
    body: "04 fde9 005a 0a000001 09 0207 4105 0000fde900",
    reason: "malformedOpen",
  },
  {
    name: "multiprotocol of three octets",
    body: "04 fde9 005a 0a000001 07 0205 0103 000100",
    reason: "malformedOpen",
  },
  {
    name: "a role of two octets",
    body: "04 fde9 005a 0a000001 06 0204 0902 0000",
    reason: "malformedOpen",
  },
  { name: "a role of none", body: "04 fde9 005a 0a000001 04 0202 0900", reason: "malformedOpen" },
  {
    name: "extended messages with a value",
    body: "04 fde9 005a 0a000001 05 0203 0601 00",
    reason: "malformedOpen",
  },
  {
    name: "enhanced route refresh with a value",
    body: "04 fde9 005a 0a000001 05 0203 4601 00",
    reason: "malformedOpen",
  },
  {
    name: "graceful restart of one octet",
    body: "04 fde9 005a 0a000001 05 0203 4001 00",
    reason: "malformedOpen",
  },
  {
    name: "graceful restart with half a family",
    body: "04 fde9 005a 0a000001 08 0206 4004 0078 0001",
    reason: "malformedOpen",
  },
  {
    name: "half an entry of ADD-PATH",
    body: "04 fde9 005a 0a000001 07 0205 4503 000101",
    reason: "malformedOpen",
  },
  {
    name: "half an extended next hop",
    body: "04 fde9 005a 0a000001 07 0205 0503 000100",
    reason: "malformedOpen",
  },
];

for (const { name, body, reason, data = "" } of wrong) {
  t.test(`an OPEN is refused for: ${name}`, async (t) => {
    const octets = encodeMessage("open", hex(body));
    t.throws(() => decodeStream(octets), refusal(reason, data));
  });
}

for (const mode of ["00", "04", "ff"]) {
  t.test(`ADD-PATH with the mode ${mode} is a capability that is not understood (RFC 7911 §4)`, async (t) => {
    const value = `00010101 000201${mode}`;
    const body = hex(`04 fde9 005a 0a000001 0c 020a 4508 ${value}`);
    t.match(decodeStream(encodeMessage("open", body)), [{ capabilities: [unknown(69, value)] }]);
  });
}
