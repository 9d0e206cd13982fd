import t from "tap";
import { describeMessage, messageName } from "../../../src/bgp/wire/describe.ts";
import type { Message, Open, Update } from "../../../src/bgp/wire/message.ts";
import { encodeShutdownCommunication } from "../../../src/bgp/wire/shutdown-communication.ts";
import { type Address, routerIdFromNumber } from "../../../src/net/address.ts";
import { asn } from "../../../src/net/asn.ts";
import { prefix } from "../../../src/net/prefix.ts";
import { hex } from "./octets.ts";

const open: Open = {
  type: "open",
  asn: asn(64513),
  holdTime: 6,
  routerId: routerIdFromNumber(2),
  capabilities: [
    { type: "multiprotocol", afi: 1, safi: 1 },
    { type: "routeRefresh" },
    { type: "extendedNextHop", entries: [{ afi: 1, safi: 1, nextHopAfi: 2 }] },
    { type: "fourOctetAsn", asn: 64513 },
    { type: "enhancedRouteRefresh" },
  ],
};

const empty: Update = {
  type: "update",
  withdrawn: [],
  announced: [],
  attributes: undefined,
  endOfRib: undefined,
  errors: [],
};

const texts: { message: Message; name: string; text: string }[] = [
  {
    message: open,
    name: "open",
    text:
      "Open [ version: 4, asn: 64513, hold_time: 6, id: 2, parameters: [ Capabilities [ MP-Extensions 1/1, " +
      "Route Refresh, Extended Next Hop Encoding safi=1/afi=1/nh_afi=2, Four Octet ASN 64513, Enhanced Route Refresh, ]] ]",
  },
  {
    message: { ...open, capabilities: [{ type: "unknown", code: 69, value: hex("00010101") }] },
    name: "open",
    text:
      "Open [ version: 4, asn: 64513, hold_time: 6, id: 2, " +
      "parameters: [ Capabilities [ Capability 69 00010101, ]] ]",
  },
  { message: { type: "keepalive" }, name: "keepalive", text: "Keepalive" },
  {
    message: { type: "routeRefresh", afi: 2, subtype: 0, safi: 1 },
    name: "route refresh",
    text: "Route Refresh [ afi: 2, safi: 1, subtype: 0 ]",
  },
  {
    message: { type: "notification", code: 2, subcode: 2, data: new Uint8Array() },
    name: "notification",
    text: "Notification [ 2/2 (bad peer as) ]",
  },
  {
    message: { type: "notification", code: 1, subcode: 2, data: hex("1001") },
    name: "notification",
    text: "Notification [ 1/2 (bad message length), data: 1001 ]",
  },
  {
    message: { type: "notification", code: 6, subcode: 2, data: encodeShutdownCommunication("to bed\n") },
    name: "notification",
    text: 'Notification [ 6/2 (administrative shutdown), communication: "to bed\\n" ]',
  },
  { message: { ...empty, endOfRib: 4 }, name: "update", text: "Update [ end_of_rib: ipv4 ]" },
  { message: empty, name: "update", text: "Update [ ]" },
  {
    message: {
      ...empty,
      withdrawn: [prefix("10.1.0.0/16")],
      announced: [
        {
          nextHop: { global: "2001:db8::1" as Address, linkLocal: "fe80::1" as Address },
          prefixes: [prefix("2001:db8::/32"), prefix("10.0.0.0/24")],
        },
      ],
      attributes: {
        origin: "igp",
        asPath: [
          { type: "sequence", asns: [64512, 64513] },
          { type: "set", asns: [1, 2] },
          { type: "confedSequence", asns: [3, 4] },
          { type: "confedSet", asns: [5] },
        ],
      },
    },
    name: "update",
    text:
      "Update [ withdrawn: [ 10.1.0.0/16 ], announced: [ 2001:db8::/32, 10.0.0.0/24 ], " +
      "next_hop: 2001:db8::1+fe80::1, origin: igp, as_path: [64512 64513 {1,2} (3 4) [5]] ]",
  },
  {
    message: {
      ...empty,
      withdrawn: [prefix("10.1.0.0/16")],
      errors: [{ approach: "treatAsWithdraw", attribute: 1, message: "ORIGIN: value 3" }],
    },
    name: "update",
    text: "Update [ withdrawn: [ 10.1.0.0/16 ], errors: [ ORIGIN: value 3 ] ]",
  },
];

for (const { message, name, text } of texts) {
  t.test(`in a log: ${text}`, async (t) => {
    t.equal(describeMessage(message), text);
    t.equal(messageName(message), name);
  });
}

t.test("long lists and data are cut", async (t) => {
  const withdrawn = Array.from({ length: 1_000 }, (_, i) => prefix(`10.${i >> 8}.${i & 255}.0/24`));
  t.match(describeMessage({ ...empty, withdrawn }), /10\.0\.7\.0\/24, and 992 more \]/);
  const data = new Uint8Array(4_000);
  t.match(describeMessage({ type: "notification", code: 1, subcode: 1, data }), /data: (00){32}… \]/);
});
