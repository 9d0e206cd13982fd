import t from "tap";
import { describeMessage, messageName } from "../../../src/bgp/wire/describe.ts";
import type { Message, Open } from "../../../src/bgp/wire/message.ts";
import { encodeShutdownCommunication } from "../../../src/bgp/wire/shutdown-communication.ts";
import { type Address, routerIdFromNumber } from "../../../src/net/address.ts";
import { asn } from "../../../src/net/asn.ts";
import { prefix } from "../../../src/net/prefix.ts";
import { empty, hex, type TextMessage, written } from "./octets.ts";

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

const octetsOf = (message: TextMessage): Message => (message.type === "update" ? written(message) : message);

const texts: { message: TextMessage; name: string; text: string }[] = [
  {
    message: open,
    name: "open",
    text:
      "Open [ version: 4, asn: 64513, hold_time: 6, id: 2, parameters: [ Capabilities [ MP-Extensions 1/1, " +
      "Route Refresh, Extended Next Hop Encoding safi=1/afi=1/nh_afi=2, Four Octet ASN 64513, Enhanced Route Refresh, ]] ]",
  },
  {
    message: { ...open, capabilities: [{ type: "unknown", code: 71, value: hex("00010101") }] },
    name: "open",
    text:
      "Open [ version: 4, asn: 64513, hold_time: 6, id: 2, " +
      "parameters: [ Capabilities [ Capability 71 00010101, ]] ]",
  },
  {
    message: {
      ...open,
      capabilities: [
        {
          type: "gracefulRestart",
          restarting: true,
          notification: true,
          restartTime: 120,
          families: [
            { afi: 1, safi: 1, forwarding: true },
            { afi: 2, safi: 1, forwarding: false },
          ],
        },
        { type: "addPath", entries: [{ afi: 1, safi: 1, mode: 3 }] },
      ],
    },
    name: "open",
    text:
      "Open [ version: 4, asn: 64513, hold_time: 6, id: 2, parameters: [ Capabilities [ " +
      "Graceful Restart 120 s restarting notification 1/1=forwarding 2/1, ADD-PATH 1/1=both, ]] ]",
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
  {
    // As FRR ends a session that could have been kept over a restart (RFC 8538 §3.1).
    message: { type: "notification", code: 6, subcode: 9, data: hex("0602 03 627965") },
    name: "notification",
    text: 'Notification [ 6/9 (hard reset), 6/2 (administrative shutdown), communication: "bye" ]',
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
          prefixes: [prefix("2001:db8::/32"), prefix("2001:db9::/32")],
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
      "Update [ withdrawn: [ 10.1.0.0/16 ], announced: [ 2001:db8::/32, 2001:db9::/32 ], " +
      "next_hop: 2001:db8::1+fe80::1, origin: igp, as_path: [64512 64513 {1,2} (3 4) [5]] ]",
  },
  {
    message: {
      ...empty,
      withdrawn: [{ prefix: prefix("10.1.0.0/16"), pathId: 3 }],
      announced: [{ nextHop: { global: "192.0.2.1" as Address }, prefixes: [prefix("10.2.0.0/16")] }],
      attributes: {
        origin: "egp",
        asPath: [],
        med: 0,
        localPref: 200,
        atomicAggregate: true,
        aggregator: { asn: 64512, address: "10.0.0.1" as Address },
        communities: [0xffff_ff01, 0xfc00_0064],
        originatorId: routerIdFromNumber(1),
        clusterList: [routerIdFromNumber(2), routerIdFromNumber(3)],
        extendedCommunities: ["0002fc0000000001", "4004000000000000"],
        largeCommunities: [[64512, 1, 2]],
        onlyToCustomer: 64513,
        partial: [8],
        unknown: [{ flags: 0xe0, code: 200, value: hex("0102") }],
      },
    },
    name: "update",
    text:
      "Update [ withdrawn: [ 10.1.0.0/16 path 3 ], announced: [ 10.2.0.0/16 ], next_hop: 192.0.2.1, " +
      "origin: egp, as_path: [], med: 0, local_pref: 200, atomic_aggregate: yes, aggregator: 64512 10.0.0.1, " +
      "communities: [no-export, 64512:100], originator_id: 0.0.0.1, cluster_list: [0.0.0.2, 0.0.0.3], " +
      "extended_communities: [rt:64512:1, 4004000000000000], large_communities: [64512:1:2], " +
      "only_to_customer: 64513, partial: [8], unknown: [200 of 2 octets] ]",
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
    t.equal(describeMessage(octetsOf(message)), text);
    t.equal(messageName(octetsOf(message)), name);
  });
}

t.test("long lists and data are cut", async (t) => {
  const withdrawn = Array.from({ length: 1_000 }, (_, i) => prefix(`10.${i >> 8}.${i & 255}.0/24`));
  t.match(describeMessage(written({ ...empty, withdrawn })), /10\.0\.7\.0\/24, and 992 more \]/);
  const data = new Uint8Array(4_000);
  t.match(describeMessage({ type: "notification", code: 1, subcode: 1, data }), /data: (00){32}… \]/);
});
