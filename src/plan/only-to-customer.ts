import type { Role } from "../bgp/config/config.ts";
import type { PathAttributes } from "../bgp/wire/message.ts";
import type { Asn } from "../net/asn.ts";

/** What each end of a session is to the other (RFC 9234); both null without. */
interface Roles {
  /** Of the end that hears. */
  readonly near: Role | null;
  /** Of the end that tells. */
  readonly far: Role | null;
}

/** A route as it is told to a peer of that role; undefined if only customers may hear of it (RFC 9234 §5). */
export function toldToCustomer(
  attributes: PathAttributes,
  { far }: Roles,
  asn: Asn,
): PathAttributes | undefined {
  if (far === null) return attributes;
  const isMarked = attributes.onlyToCustomer !== undefined;
  switch (far) {
    case "provider":
    case "rs-server":
      return isMarked ? attributes : { ...attributes, onlyToCustomer: asn };
    case "peer":
      return isMarked ? undefined : { ...attributes, onlyToCustomer: asn };
    default:
      return isMarked ? undefined : attributes;
  }
}

/** A route as it is heard; undefined if it is a leak (RFC 9234 §5). */
export function heardFromCustomer(
  attributes: PathAttributes,
  { near }: Roles,
  peerAsn: Asn,
): PathAttributes | undefined {
  const { onlyToCustomer } = attributes;
  switch (near) {
    case null:
      return attributes;
    case "provider":
    case "rs-server":
      return onlyToCustomer === undefined ? attributes : undefined;
    default:
      if (onlyToCustomer === undefined) return { ...attributes, onlyToCustomer: peerAsn };
      return near === "peer" && onlyToCustomer !== peerAsn ? undefined : attributes;
  }
}
