import type { PathAttributes } from "../wire/message.ts";
import { isExternal, type Local } from "./local.ts";
import type { Peer } from "./route.ts";

/**
 * A route of a peer with the attribute Only to Customer that it must have, or undefined if it has one that it must not
 * have: it is a leak (RFC 9234 §5). A role is ours to the peer.
 */
export function receiveOtc(attributes: PathAttributes, peer: Peer, local: Local): PathAttributes | undefined {
  const { role, asn } = peer;
  if (role === null || !isExternal(peer, local)) return attributes;
  const { onlyToCustomer } = attributes;
  const goesDown = role === "customer" || role === "peer" || role === "rs-client";
  if (onlyToCustomer === undefined) return goesDown ? { ...attributes, onlyToCustomer: asn } : attributes;
  if (role === "provider" || role === "rs-server") return undefined;
  return role === "peer" && onlyToCustomer !== asn ? undefined : attributes;
}

/** A route for a peer with the attribute that it must have, or undefined if it must not go there (RFC 9234 §5). */
export function sendOtc(attributes: PathAttributes, peer: Peer, local: Local): PathAttributes | undefined {
  const { role } = peer;
  if (role === null || !isExternal(peer, local)) return attributes;
  const goesDown = role === "provider" || role === "peer" || role === "rs-server";
  if (attributes.onlyToCustomer === undefined) {
    return goesDown ? { ...attributes, onlyToCustomer: local.asn } : attributes;
  }
  return role === "provider" || role === "rs-server" ? attributes : undefined;
}
