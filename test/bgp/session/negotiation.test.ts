import t from "tap";
import { negotiate, weDominate } from "../../../src/bgp/session/negotiation.ts";
import { ourOpen } from "../../../src/bgp/session/parameters.ts";
import { asn } from "../../../src/net/asn.ts";
import { parameters, peerParameters } from "../../support/session.ts";

const peerOpen = ourOpen(peerParameters);

t.test(
  "the smaller hold time holds, and a smaller one of the peer's sets the keepalive time (RFC 4271 §4.2)",
  async (t) => {
    const cases = [
      { ours: 6, theirs: 6, holdTime: 6, keepaliveTime: 3 },
      { ours: 90, theirs: 30, holdTime: 30, keepaliveTime: 10 },
      { ours: 6, theirs: 180, holdTime: 6, keepaliveTime: 3 },
      { ours: 6, theirs: 0, holdTime: 0, keepaliveTime: 0 },
      { ours: 0, theirs: 90, holdTime: 0, keepaliveTime: 0 },
    ];
    for (const { ours, theirs, holdTime, keepaliveTime } of cases) {
      const result = negotiate({ ...peerOpen, holdTime: theirs }, { ...parameters, holdTime: ours });
      t.match(result, { holdTime, keepaliveTime }, `${ours} and ${theirs}`);
    }
  },
);

t.test("the peer's AS number is what was asked for, or a NOTIFICATION (RFC 4271 §6.2)", async (t) => {
  const cases = [
    { remoteAs: asn(64513), accepted: true },
    { remoteAs: asn(64514), accepted: false },
    { remoteAs: "external", accepted: true },
    { remoteAs: "internal", accepted: false },
    { remoteAs: "any", accepted: true },
  ] as const;
  for (const { remoteAs, accepted } of cases) {
    const result = negotiate(peerOpen, { ...parameters, remoteAs });
    t.match(result, accepted ? { peer: peerOpen } : { reason: "badPeerAs" }, String(remoteAs));
  }
});

t.test("our own identifier is a mistake inside one AS, and none between two (RFC 6286 §2.2)", async (t) => {
  const { routerId } = parameters;
  t.match(negotiate({ ...peerOpen, asn: parameters.asn, routerId }, { ...parameters, remoteAs: "any" }), {
    reason: "badBgpIdentifier",
  });
  t.match(negotiate({ ...peerOpen, routerId }, parameters), { peer: { routerId } });
});

t.test("address families are those of both", async (t) => {
  const families = (announced: typeof peerOpen.capabilities) => {
    const result = negotiate({ ...peerOpen, capabilities: announced }, parameters);
    return "reason" in result ? result : result.encoding.families;
  };
  const multiprotocol = (afi: number, safi = 1) => ({ type: "multiprotocol", afi, safi }) as const;
  t.strictSame(families([multiprotocol(1), multiprotocol(2)]), [4, 6]);
  t.strictSame(families([multiprotocol(2)]), [6]);
  t.strictSame(families([]), [4], "without the capability a peer speaks IPv4 alone (RFC 4760 §8)");
  t.match(
    families([multiprotocol(1, 128)]),
    { reason: "unsupportedCapability", data: Uint8Array.of(1, 4, 0, 1, 0, 1, 1, 4, 0, 2, 0, 1) },
    "and none in common is a NOTIFICATION that says what is missing (RFC 5492 §5)",
  );
});

t.test("IPv4 over IPv6 next hops needs the peer's word (RFC 8950 §4)", async (t) => {
  const without = peerOpen.capabilities.filter(({ type }) => type !== "extendedNextHop");
  t.match(negotiate(peerOpen, parameters), { encoding: { extendedNextHop: true } });
  t.match(negotiate({ ...peerOpen, capabilities: without }, parameters), {
    encoding: { extendedNextHop: false },
  });
});

t.test("the higher identifier dominates, then the higher AS number (RFC 6286 §2.3)", async (t) => {
  t.equal(weDominate(peerOpen, parameters), false);
  t.equal(weDominate(ourOpen(parameters), peerParameters), true);
  t.equal(weDominate({ ...peerOpen, routerId: parameters.routerId }, parameters), false);
});
