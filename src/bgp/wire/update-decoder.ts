import type { Family } from "../../net/address.ts";
import type { Prefix } from "../../net/prefix.ts";
import { ByteReader, TruncatedError } from "../../std/bytes.ts";
import { attributeCodes } from "./attribute.ts";
import {
  type Announcement,
  type AttributeError,
  type Encoding,
  emptyUpdate,
  type PathAttributes,
  type Update,
  WireError,
} from "./message.ts";
import { decodeNextHop } from "./next-hop.ts";
import { decodePrefixes } from "./nlri.ts";
import { type DecodedAttributes, decodeAttributes } from "./path-attributes.ts";

/**
 * Reads the octets behind the header (RFC 4271 §4.3) with the error handling of RFC 7606.
 *
 * Families that were not negotiated are skipped. A prefix that is both withdrawn and announced is announced.
 *
 * @throws {WireError} 3/x
 */
export function decodeUpdate(body: Uint8Array, encoding: Encoding): Update {
  const fields = splitFields(body);
  const decoded = decodeAttributes(fields.attributes, encoding);
  const withdrawn = [...classicPrefixes(fields.withdrawn, encoding), ...(decoded.unreach?.prefixes ?? [])];
  const routes = routesOf(classicPrefixes(fields.nlri, encoding), decoded);
  const resolved = routes.map((route) => resolveNextHop(route, encoding));
  const errors = [
    ...decoded.errors,
    ...(routes.length > 0 ? missingAttributes(decoded) : []),
    ...resolved.filter((result) => "approach" in result),
  ];
  if (errors.some(({ approach }) => approach === "treatAsWithdraw")) {
    checkReachable(fields, decoded);
    const all = new Set([...withdrawn, ...routes.flatMap(({ prefixes }) => prefixes)]);
    return { ...emptyUpdate, withdrawn: [...all], errors };
  }
  const announced = resolved.filter((result) => "prefixes" in result);
  const kept = new Set(announced.flatMap(({ prefixes }) => prefixes));
  return {
    type: "update",
    withdrawn: withdrawn.filter((prefix) => !kept.has(prefix)),
    announced,
    attributes: announced.length > 0 ? completePath(decoded) : undefined,
    endOfRib: endOfRibOf(fields, decoded, encoding),
    errors,
  };
}
interface Fields {
  readonly withdrawn: Uint8Array;
  readonly attributes: Uint8Array;
  readonly nlri: Uint8Array;
}

/** Prefixes, and the octets of their next hop if there were any. */
interface Route {
  readonly attribute: number;
  readonly family: Family;
  readonly nextHop: Uint8Array | undefined;
  readonly prefixes: readonly Prefix[];
}

/** RFC 4271 §6.3: lengths that do not fit the message are a malformed attribute list. */
function splitFields(body: Uint8Array): Fields {
  try {
    const reader = new ByteReader(body);
    const withdrawn = reader.bytes(reader.u16());
    const attributes = reader.bytes(reader.u16());
    return { withdrawn, attributes, nlri: reader.rest() };
  } catch (error) {
    if (error instanceof TruncatedError) throw new WireError("malformedAttributeList", error.message);
    throw error;
  }
}

/** Checked even if they are then skipped: octets that make no prefixes may hide anything. */
function classicPrefixes(octets: Uint8Array, { families }: Encoding): Prefix[] {
  const prefixes = decodePrefixes(octets, 4);
  return families.includes(4) ? prefixes : [];
}

function routesOf(classic: readonly Prefix[], { nextHop, reach }: DecodedAttributes): Route[] {
  const routes: Route[] = [
    { attribute: attributeCodes.nextHop, family: 4, nextHop, prefixes: classic },
    ...(reach ? [{ attribute: attributeCodes.mpReach, ...reach }] : []),
  ];
  return routes.filter(({ prefixes }) => prefixes.length > 0);
}

function resolveNextHop({ attribute, family, nextHop, prefixes }: Route, encoding: Encoding) {
  const wrong = (message: string) => treatAsWithdraw(attribute, `next hop: ${message}`);
  if (nextHop === undefined) return wrong("missing");
  const { length } = nextHop;
  if (attribute === attributeCodes.nextHop && length !== 4) return wrong(`${length} octets`);
  if (family === 4 && length > 4 && !encoding.extendedNextHop) {
    return wrong("IPv6 for IPv4 prefixes was not negotiated (RFC 8950 §4)");
  }
  const address = decodeNextHop(nextHop);
  return address ? ({ nextHop: address, prefixes } satisfies Announcement) : wrong("no host's address");
}

/** RFC 7606 §3 d; NEXT_HOP is looked at with the prefixes that need it. */
function missingAttributes({ path }: DecodedAttributes): AttributeError[] {
  const missing: AttributeError[] = [];
  if (!path.origin) missing.push(treatAsWithdraw(attributeCodes.origin, "ORIGIN: missing"));
  if (!path.asPath) missing.push(treatAsWithdraw(attributeCodes.asPath, "AS_PATH: missing"));
  return missing;
}

function treatAsWithdraw(attribute: number, message: string): AttributeError {
  return { approach: "treatAsWithdraw", attribute, message };
}

function completePath({ path: { origin, asPath, ...rest } }: DecodedAttributes): PathAttributes | undefined {
  return origin && asPath && { origin, asPath, ...rest };
}

/** Without NLRI, nobody knows what to withdraw: the broken part may have held it (RFC 7606 §5.2). */
function checkReachable({ nlri }: Fields, { codes, errors }: DecodedAttributes): void {
  const { mpReach, mpUnreach } = attributeCodes;
  if (nlri.length > 0 || codes.includes(mpReach)) return;
  if ([...codes, ...errors.map(({ attribute }) => attribute)].every((code) => code === mpUnreach)) return;
  throw new WireError("malformedAttributeList", `no NLRI to withdraw for: ${errors[0]?.message}`);
}

/** RFC 4724 §2. */
function endOfRibOf(fields: Fields, decoded: DecodedAttributes, { families }: Encoding): Family | undefined {
  if (fields.withdrawn.length > 0 || fields.nlri.length > 0) return undefined;
  if (fields.attributes.length === 0) return families.find((family) => family === 4);
  const alone = decoded.codes.length === 1 && decoded.unreach?.prefixes.length === 0;
  return alone ? decoded.unreach?.family : undefined;
}
