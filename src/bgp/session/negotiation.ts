import { afi, type Family, routerIdToNumber } from "../../net/address.ts";
import { type Capability, type Encoding, type Open, type Role, roleNames } from "../wire/message.ts";
import type { NotificationReason } from "../wire/notification.ts";
import { addPathModes, ourRole, type SessionParameters } from "./parameters.ts";

/** What both OPENs settled. */
export interface Negotiated {
  readonly peer: Open;
  /** Seconds; 0 for neither keepalives nor a hold timer. */
  readonly holdTime: number;
  /** Seconds between our keepalives; 0 for none. */
  readonly keepaliveTime: number;
  readonly encoding: Encoding;
  /** The peer takes ROUTE-REFRESH (RFC 2918). */
  readonly routeRefresh: boolean;
  /** Both ends mark where the answer to a ROUTE-REFRESH begins and ends (RFC 7313). */
  readonly enhancedRouteRefresh: boolean;
  /** Undefined if the peer does not know of it; if it does, it ends its first table with an End-of-RIB in any case (RFC 4724 §3). */
  readonly gracefulRestart: NegotiatedRestart | undefined;
  /** What we are to the peer (RFC 9234), if both ends say; null without. */
  readonly role: Role | null;
  /** What the peer calls itself; null if it does not say. */
  readonly hostname: string | null;
}

/** What happens when the peer starts again (RFC 4724). */
export interface NegotiatedRestart {
  /** It has just started again (the R bit). */
  readonly restarting: boolean;
  /** A NOTIFICATION ends a session as gracefully as a lost connection (RFC 8538): both ends say so. */
  readonly notification: boolean;
  /** We have asked the peer to keep our routes when we start again. */
  readonly asked: boolean;
  /** Seconds that it wants us to wait until it is back. */
  readonly restartTime: number;
  /** Whose routes we keep meanwhile; none if that is off. */
  readonly families: readonly Family[];
  /** Those of which it has kept the routes, since it was here last (the F bit). */
  readonly forwarding: readonly Family[];
}

/** Why an OPEN, though well formed, is not acceptable. */
export interface Refusal {
  readonly type: "refusal";
  readonly reason: NotificationReason;
  /** Octets for the NOTIFICATION. */
  readonly data?: Uint8Array;
  readonly message: string;
}

/** Compares the peer's OPEN with what we want (RFC 4271 §6.2, §4.2). */
export function negotiate(peer: Open, parameters: SessionParameters): Negotiated | Refusal {
  const refusal = refuseIdentity(peer, parameters) ?? refuseRole(peer, parameters);
  if (refusal) return refusal;
  const families = parameters.families.filter((family) => peerFamilies(peer).includes(family));
  if (families.length === 0) {
    // The data are the capabilities that we miss (RFC 5492 §5).
    const data = Uint8Array.from(parameters.families.flatMap((family) => [1, 4, 0, afi(family), 0, 1]));
    return { ...refuse("unsupportedCapability", "no address family in common"), data };
  }
  const holdTime = Math.min(peer.holdTime, parameters.holdTime);
  return {
    peer,
    holdTime,
    keepaliveTime: holdTime < parameters.holdTime ? holdTime / 3 : holdTime && parameters.keepaliveTime,
    encoding: {
      families,
      external: peer.asn !== parameters.asn,
      fourOctetAsn: has(peer, "fourOctetAsn"),
      extendedNextHop: families.includes(4) && takesIpv6NextHops(peer),
      extendedMessages: has(peer, "extendedMessage"),
      addPath: addPathBetween(peer, parameters, families),
    },
    routeRefresh: has(peer, "routeRefresh"),
    enhancedRouteRefresh: has(peer, "enhancedRouteRefresh"),
    gracefulRestart: restartOf(peer, parameters, families),
    role: saysRole(peer) && peer.asn !== parameters.asn ? ourRole(parameters) : null,
    hostname: peer.capabilities.find((capability) => capability.type === "fqdn")?.hostname ?? null,
  };
}

/** Whether our connections win collisions: the higher identifier, then the higher ASN (RFC 6286 §2.3). */
export function weDominate(peer: Open, { asn, routerId }: SessionParameters): boolean {
  const [ours, theirs] = [routerIdToNumber(routerId), routerIdToNumber(peer.routerId)];
  return ours === theirs ? asn > peer.asn : ours > theirs;
}

function refuseIdentity(
  peer: Open,
  { asn, routerId, remoteAs, remoteId }: SessionParameters,
): Refusal | undefined {
  if (!acceptsAsn(peer.asn, remoteAs, asn)) {
    return refuse("badPeerAs", `peer is AS ${peer.asn}, expected ${remoteAs}`);
  }
  if (peer.asn === asn && peer.routerId === routerId) {
    return refuse("badBgpIdentifier", `peer has our own identifier ${routerId} (RFC 6286 §2.2)`);
  }
  if (remoteId !== null && peer.routerId !== remoteId) {
    return refuse("badBgpIdentifier", `peer has identifier ${peer.routerId}, expected ${remoteId}`);
  }
  return undefined;
}

const counterparts: Record<Role, Role> = {
  provider: "customer",
  customer: "provider",
  "rs-server": "rs-client",
  "rs-client": "rs-server",
  peer: "peer",
};

/** The roles of both ends must go together, if both have one (RFC 9234 §4.2). */
function refuseRole(peer: Open, parameters: SessionParameters): Refusal | undefined {
  const ours = peer.asn === parameters.asn ? null : ourRole(parameters);
  if (ours === null) return undefined;
  const told = peer.capabilities.flatMap((capability) =>
    capability.type === "role" ? [capability.role] : [],
  );
  const [theirs] = told;
  if (theirs === undefined) {
    return parameters.strictRole ? refuse("roleMismatch", "peer does not tell its role") : undefined;
  }
  if (told.some((role) => role !== theirs)) return refuse("roleMismatch", "peer tells several roles");
  if (roleNames[theirs] === counterparts[ours]) return undefined;
  return refuse("roleMismatch", `peer is a ${roleNames[theirs] ?? `role ${theirs}`}, and we are a ${ours}`);
}

function acceptsAsn(peer: number, wanted: SessionParameters["remoteAs"], own: number): boolean {
  switch (wanted) {
    case "any":
      return true;
    case "external":
      return peer !== own;
    case "internal":
      return peer === own;
    default:
      return peer === wanted;
  }
}

/** Without any multiprotocol capability a peer speaks IPv4 unicast alone (RFC 4760 §8). */
function peerFamilies(peer: Open): Family[] {
  const announced = peer.capabilities.filter((capability) => capability.type === "multiprotocol");
  if (announced.length === 0) return [4];
  return announced.flatMap(({ afi, safi }): Family[] => {
    if (safi !== 1) return [];
    return afi === 1 ? [4] : afi === 2 ? [6] : [];
  });
}

function takesIpv6NextHops(peer: Open): boolean {
  return peer.capabilities.some(
    (capability) =>
      capability.type === "extendedNextHop" &&
      capability.entries.some(({ afi, safi, nextHopAfi }) => afi === 1 && safi === 1 && nextHopAfi === 2),
  );
}

/** Each end says what it can; paths go where one sends and the other receives (RFC 7911 §4). */
function addPathBetween(
  peer: Open,
  { addPath }: SessionParameters,
  families: readonly Family[],
): Encoding["addPath"] {
  const entries = peer.capabilities.flatMap((capability) =>
    capability.type === "addPath" ? capability.entries : [],
  );
  const { receive, send } = addPathModes;
  const can = (family: Family, ours: number, theirs: number) =>
    (addPathModes[addPath] & ours) !== 0 &&
    entries.some((entry) => isUnicast(entry, family) && entry.mode <= 3 && (entry.mode & theirs) !== 0);
  return {
    receive: families.filter((family) => can(family, receive, send)),
    send: families.filter((family) => can(family, send, receive)),
  };
}

function restartOf(
  peer: Open,
  { gracefulRestart }: SessionParameters,
  families: readonly Family[],
): NegotiatedRestart | undefined {
  const told = peer.capabilities.find((capability) => capability.type === "gracefulRestart");
  if (!told) return undefined;
  const entryOf = (family: Family) => told.families.find((entry) => isUnicast(entry, family));
  const kept = gracefulRestart === "off" ? [] : families.filter(entryOf);
  return {
    restarting: told.restarting,
    asked: gracefulRestart === "full",
    notification: told.notification && gracefulRestart !== "off",
    restartTime: told.restartTime,
    families: kept,
    forwarding: kept.filter((family) => entryOf(family)?.forwarding),
  };
}

const isUnicast = (entry: { afi: number; safi: number }, family: Family) =>
  entry.safi === 1 && entry.afi === afi(family);

const saysRole = (open: Open) => has(open, "role");

const has = (open: Open, type: Capability["type"]) =>
  open.capabilities.some((capability) => capability.type === type);

const refuse = (reason: NotificationReason, message: string): Refusal => ({
  type: "refusal",
  reason,
  message,
});
