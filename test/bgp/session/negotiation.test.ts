import t from "tap";
import { negotiate, weDominate } from "../../../src/bgp/session/negotiation.ts";
import { ourOpen, type SessionParameters } from "../../../src/bgp/session/parameters.ts";
import { roleNames } from "../../../src/bgp/wire/message.ts";
import type { RouterId } from "../../../src/net/address.ts";
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

t.test("a peer with another identifier than was asked for gets a NOTIFICATION (RFC 4271 §6.2)", async (t) => {
  const asked = (remoteId: string) => ({ ...parameters, remoteId: remoteId as RouterId });
  t.match(negotiate(peerOpen, asked("0.0.0.2")), { peer: peerOpen });
  t.match(negotiate(peerOpen, asked("0.0.0.3")), {
    reason: "badBgpIdentifier",
    message: "peer has identifier 0.0.0.2, expected 0.0.0.3",
  });
});

t.test("the roles of both ends must go together (RFC 9234 §4.2)", async (t) => {
  const pairs = ["provider customer", "rs-server rs-client", "peer peer"];
  for (const ours of roleNames) {
    for (const theirs of roleNames) {
      const result = negotiate(ourOpen({ ...peerParameters, role: theirs }), { ...parameters, role: ours });
      const fits = pairs.includes(`${ours} ${theirs}`) || pairs.includes(`${theirs} ${ours}`);
      t.match(result, fits ? { peer: {} } : { reason: "roleMismatch" }, `${ours} and ${theirs}`);
    }
  }
});

t.test("a role that is missing, unknown or ambiguous (RFC 9234 §4.2)", async (t) => {
  const customer: SessionParameters = { ...parameters, role: "customer" };
  const telling = (...roles: number[]) => ({
    ...peerOpen,
    capabilities: [...peerOpen.capabilities, ...roles.map((role) => ({ type: "role", role }) as const)],
  });
  t.match(negotiate(peerOpen, customer), { peer: {} }, "missing is fine");
  t.match(
    negotiate(peerOpen, { ...customer, strictRole: true }),
    { reason: "roleMismatch" },
    "unless strict",
  );
  t.match(negotiate(telling(0, 0), customer), { peer: {} }, "twice the same is one");
  t.match(negotiate(telling(0, 3), customer), { reason: "roleMismatch" });
  t.match(negotiate(telling(9), customer), { reason: "roleMismatch", message: /role 9/ });
  t.match(negotiate(telling(9), parameters), { peer: {} }, "and nobody's business without a role of ours");
});

t.test("inside an AS there are no roles (RFC 9234 §4.1)", async (t) => {
  const { asn: own } = parameters;
  const internal: SessionParameters = { ...parameters, role: "peer", strictRole: true, remoteAs: own };
  t.notOk(ourOpen(internal).capabilities.some(({ type }) => type === "role"));
  t.match(negotiate({ ...peerOpen, asn: own }, internal), { peer: {} });
  t.match(negotiate({ ...peerOpen, asn: own }, { ...internal, remoteAs: "any" }), { peer: {} });
});

t.test("long messages and a name need the peer's word (RFC 8654 §4)", async (t) => {
  t.match(negotiate(peerOpen, parameters), { encoding: { extendedMessages: true }, hostname: "r2" });
  t.match(negotiate({ ...peerOpen, capabilities: [] }, parameters), {
    encoding: { extendedMessages: false },
    hostname: null,
  });
});

t.test("the higher identifier dominates, then the higher AS number (RFC 6286 §2.3)", async (t) => {
  t.equal(weDominate(peerOpen, parameters), false);
  t.equal(weDominate(ourOpen(parameters), peerParameters), true);
  t.equal(weDominate({ ...peerOpen, routerId: parameters.routerId }, parameters), false);
});
