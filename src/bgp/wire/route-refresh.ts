import { ByteReader, ByteWriter } from "../../std/bytes.ts";
import { HEADER_LENGTH } from "./header.ts";
import { type RouteRefresh, WireError } from "./message.ts";

const BODY_LENGTH = 4;

/** Reads the whole message. @throws {WireError} 7/1 with all of it, if it has another length (RFC 7313 §5) */
export function decodeRouteRefresh(message: Uint8Array): RouteRefresh {
  const body = message.subarray(HEADER_LENGTH);
  if (body.length !== BODY_LENGTH) {
    throw new WireError("routeRefreshLength", `ROUTE-REFRESH of ${message.length} octets`, message.slice());
  }
  const reader = new ByteReader(body);
  return { type: "routeRefresh", afi: reader.u16(), subtype: reader.u8(), safi: reader.u8() };
}

/** Gives the octets behind the header (RFC 2918 §3). */
export function encodeRouteRefresh({ afi, subtype, safi }: RouteRefresh): Uint8Array {
  return new ByteWriter().u16(afi).u8(subtype).u8(safi).finish();
}
