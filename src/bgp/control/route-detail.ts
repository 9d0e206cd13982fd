import type { Address } from "../../net/address.ts";
import type { Asn } from "../../net/asn.ts";
import type { Prefix } from "../../net/prefix.ts";
import type { AsPathSegment, PathAttributes } from "../wire/message.ts";

/** Which of a router's routes to tell: all that it has, what one peer told, or what one peer is told. Plain JSON. */
export interface RouteQuery {
  readonly router: string;
  /** Of this prefix alone; null for any. */
  readonly prefix: Prefix | null;
  /** `locRib` is every candidate for every prefix, the best first; the other two are as they were told. */
  readonly table: "locRib" | "adjRibIn" | "adjRibOut";
  /** Name of the session with the peer; null for `locRib`. */
  readonly session: string | null;
}

/** One route, and what the router makes of it. Plain JSON. */
export interface RouteDetail {
  readonly prefix: Prefix;
  /** In `locRib` as the import policy left them, else as they were told. The values of unknown ones are hexadecimal digits. */
  readonly attributes: RouteAttributes;
  /** Global and link-local next hop; null at its origin. */
  readonly nextHop: { readonly global: Address | null; readonly linkLocal: Address | null } | null;
  /** Who told it; null for what the router originates, and in `adjRibOut`. */
  readonly peer: RoutePeer | null;
  /** RFC 7911; 0 without. */
  readonly pathId: number;
  /** `best` is the first of those that packets follow, `used` another one of them (multipath), `told` one of an Adj-RIB-Out. */
  readonly state: "best" | "used" | "candidate" | "unusable" | "told";
  /** Kept over a restart of its peer's (RFC 4724). */
  readonly stale: boolean;
  /** The rule of the decision process that made it the best, or by which it lost, or why it cannot be used. */
  readonly why: string;
  /** What the kernel made of it, as in `RouteStatus`; null for all but the best. */
  readonly kernel: string | null;
}

export interface RoutePeer {
  /** Name of the session with it. */
  readonly session: string;
  readonly ifname: string;
  readonly asn: Asn;
  readonly address: Address;
}

/** Path attributes in what JSON can carry. */
export type RouteAttributes = Omit<PathAttributes, "asPath" | "unknown"> & {
  readonly asPath: readonly (Pick<AsPathSegment, "type"> & { readonly asns: readonly number[] })[];
  readonly unknown?: readonly { readonly flags: number; readonly code: number; readonly value: string }[];
};

/** Path attributes as text and plain lists. */
export function routeAttributes({ origin, asPath, unknown, ...rest }: PathAttributes): RouteAttributes {
  const segments = asPath.map(({ type, asns }) => ({ type, asns: [...asns] }));
  const attributes = { origin, asPath: segments, ...rest };
  if (!unknown) return attributes;
  const words = unknown.map(({ flags, code, value }) => ({ flags, code, value: hexadecimal(value) }));
  return { ...attributes, unknown: words };
}

const hexadecimal = (octets: Uint8Array) =>
  Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("");
