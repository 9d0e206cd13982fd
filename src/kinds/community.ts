import type { SessionConfig } from "../bgp/config/config.ts";

/** RFC 8326. */
const GRACEFUL_SHUTDOWN = 0xffff_0000;

/** What is added to all that the peer of a session is told. */
export function toldCommunities({ communities, gracefulShutdown }: SessionConfig): readonly number[] {
  return gracefulShutdown ? [...communities, GRACEFUL_SHUTDOWN] : communities;
}

/** What most programs know of extended communities: a route target or a site of origin. */
export interface RouteExtension {
  readonly type: "rt" | "soo";
  /** As all of them read it: `64512:1` or `10.0.0.1:7`. */
  readonly value: string;
}

/** An extended community that is a route target or a site of origin (RFC 4360 §4, §5, RFC 5668 §2). @param digits 16, hexadecimal */
export function routeExtension(digits: string): RouteExtension {
  const [, form, subtype, value = ""] = /^0([012])0([23])(.{12})$/.exec(digits) ?? [];
  if (form === undefined) throw new RangeError(`${digits} is no route target, and no site of origin`);
  const at = form === "0" ? 4 : 8;
  const [global, local] = [Number.parseInt(value.slice(0, at), 16), Number.parseInt(value.slice(at), 16)];
  const quad = [24, 16, 8, 0].map((bits) => (global >>> bits) & 0xff).join(".");
  return { type: subtype === "2" ? "rt" : "soo", value: `${form === "1" ? quad : global}:${local}` };
}

/** A community as all programs read it (RFC 1997): `64512:100`. */
export function formatCommunity(value: number): string {
  return `${value >>> 16}:${value & 0xffff}`;
}
