import type { Family } from "../../net/address.ts";
import { u16At, viewOf } from "../../std/bytes.ts";
import { attributeCodes } from "./attribute.ts";
import {
  type Announcement,
  type AttributeError,
  type Encoding,
  type NextHop,
  type Nlri,
  type Update,
  WireError,
} from "./message.ts";
import { decodeNextHop } from "./next-hop.ts";
import { checkNlri } from "./nlri.ts";
import { type DecodedAttributes, decodeAttributes, note, pathAttributesOf } from "./path-attributes.ts";

/** Shared by all that have none. */
const noNlri: readonly Nlri[] = [];
const noAnnouncements: readonly Announcement[] = [];
const noErrors: readonly AttributeError[] = [];

/**
 * Reads the octets behind the header (RFC 4271 §4.3) with the error handling of RFC 7606. NLRI of the result are views.
 *
 * Families that were not negotiated are skipped.
 *
 * @param start where they begin in `octets`; they go on to the end
 * @throws {WireError} 3/x
 */
export function decodeUpdate(octets: Uint8Array, encoding: Encoding, start = 0): Update {
  const fields = splitFields(octets, start);
  const classicGone = classicNlri(octets, fields.withdrawn, encoding);
  const decoded = decodeAttributes(octets, fields.attributes, encoding);
  const classic = classicNlri(octets, fields.nlri, encoding);
  const withdrawn = listOf(classicGone, decoded.values.unreach);
  const announced = announcementsOf(octets, classic, { decoded, encoding });
  const { errors } = decoded;
  if (errors?.some(({ approach }) => approach === "treatAsWithdraw")) {
    checkReachable(fields, decoded, errors);
    const all = [...withdrawn, ...listOf(classic, decoded.values.reach?.nlri)];
    return updateOf(all, noAnnouncements, { errors, decoded, endOfRib: undefined });
  }
  return updateOf(withdrawn, announced, {
    errors: errors ?? noErrors,
    decoded,
    endOfRib: endOfRibOf(fields, decoded, encoding),
  });
}

/** Where a field begins and ends. */
interface Span {
  readonly start: number;
  readonly end: number;
}

interface Fields {
  readonly withdrawn: Span;
  readonly attributes: Span;
  readonly nlri: Span;
}

/** RFC 4271 §6.3: lengths that do not fit the message are a malformed attribute list. */
function splitFields(octets: Uint8Array, start: number): Fields {
  const end = octets.length;
  const withdrawn = { start: start + 2, end: start + 2 + u16At(octets, start) };
  const attributesStart = withdrawn.end + 2;
  if (attributesStart > end) throw overrun("withdrawn routes");
  const attributes = { start: attributesStart, end: attributesStart + u16At(octets, withdrawn.end) };
  if (attributes.end > end) throw overrun("path attributes");
  return { withdrawn, attributes, nlri: { start: attributes.end, end } };
}

function overrun(what: string): WireError {
  return new WireError("malformedAttributeList", `the length of the ${what} overruns the message`);
}

/** Checked even if it is then skipped: octets that make no prefixes may hide anything. */
function classicNlri(octets: Uint8Array, { start, end }: Span, encoding: Encoding): Nlri | undefined {
  if (start === end) return undefined;
  const addPath = encoding.addPath.receive.includes(4);
  const nlri: Nlri = { family: 4, addPath, octets: viewOf(octets, start, end) };
  checkNlri(nlri);
  return encoding.families.includes(4) ? nlri : undefined;
}

/** Those that hold a prefix. */
function listOf(first: Nlri | undefined, second: Nlri | undefined): readonly Nlri[] {
  const one = first !== undefined && first.octets.length > 0 ? first : undefined;
  const other = second !== undefined && second.octets.length > 0 ? second : undefined;
  if (one === undefined) return other === undefined ? noNlri : [other];
  return other === undefined ? [one] : [one, other];
}

/** What keeps a prefix from being announced is noted in `decoded`. */
function announcementsOf(
  octets: Uint8Array,
  classic: Nlri | undefined,
  { decoded, encoding }: { readonly decoded: DecodedAttributes; readonly encoding: Encoding },
): readonly Announcement[] {
  const { reach, nextHop, origin, asPath } = decoded.values;
  const hasReach = reach !== undefined && reach.nlri.octets.length > 0;
  if (classic === undefined && !hasReach) return noAnnouncements;
  // RFC 7606 §3 d; NEXT_HOP is looked at with the prefixes that need it.
  if (!origin && !noted(decoded, attributeCodes.origin))
    withdraw(decoded, attributeCodes.origin, "ORIGIN: missing");
  if (!asPath && !noted(decoded, attributeCodes.asPath))
    withdraw(decoded, attributeCodes.asPath, "AS_PATH: missing");
  const announced: Announcement[] = [];
  if (classic) {
    const resolved = classicNextHop(octets, nextHop);
    if (typeof resolved === "string") withdraw(decoded, attributeCodes.nextHop, `next hop: ${resolved}`);
    else announced.push({ nextHop: resolved, nlri: classic });
  }
  if (hasReach) {
    const span = { start: reach.nextHopStart, end: reach.nextHopEnd };
    const resolved = reachNextHop(octets, span, reach.nlri.family === 6 || encoding.extendedNextHop);
    if (typeof resolved === "string") withdraw(decoded, attributeCodes.mpReach, `next hop: ${resolved}`);
    else announced.push({ nextHop: resolved, nlri: reach.nlri });
  }
  return announced;
}

/** @returns what is wrong, in words (RFC 7606 §7.3, RFC 4271 §6.3) */
function classicNextHop(octets: Uint8Array, span: Span | undefined): NextHop | string {
  if (span === undefined) return "missing";
  const length = span.end - span.start;
  if (length !== 4) return `${length} octets`;
  return decodeNextHop(octets, span.start, span.end) ?? "no host's address";
}

/** @returns what is wrong, in words */
function reachNextHop(octets: Uint8Array, { start, end }: Span, mayBeIpv6: boolean): NextHop | string {
  if (end - start > 4 && !mayBeIpv6) return "IPv6 for IPv4 prefixes was not negotiated (RFC 8950 §4)";
  return decodeNextHop(octets, start, end) ?? "no host's address";
}

function noted({ errors }: DecodedAttributes, code: number): boolean {
  return errors?.some(({ attribute }) => attribute === code) ?? false;
}

function withdraw(decoded: DecodedAttributes, attribute: number, message: string): void {
  note(decoded, { approach: "treatAsWithdraw", attribute, message });
}

/** Without NLRI, nobody knows what to withdraw: the broken part may have held it (RFC 7606 §5.2). */
function checkReachable(
  { nlri }: Fields,
  { count, hasReach, hasUnreach }: DecodedAttributes,
  errors: readonly AttributeError[],
): void {
  if (nlri.end > nlri.start || hasReach) return;
  const onlyUnreach = count === 0 || (count === 1 && hasUnreach);
  if (onlyUnreach && errors.every(({ attribute }) => attribute === attributeCodes.mpUnreach)) return;
  throw new WireError("malformedAttributeList", `no NLRI to withdraw for: ${errors[0]?.message}`);
}

/** RFC 4724 §2. */
function endOfRibOf(
  { withdrawn, attributes, nlri }: Fields,
  { count, values }: DecodedAttributes,
  { families }: Encoding,
): Family | undefined {
  if (withdrawn.end > withdrawn.start || nlri.end > nlri.start) return undefined;
  if (attributes.start === attributes.end) return families.find((family) => family === 4);
  return count === 1 && values.unreach?.octets.length === 0 ? values.unreach.family : undefined;
}

function updateOf(
  withdrawn: readonly Nlri[],
  announced: readonly Announcement[],
  {
    errors,
    decoded,
    endOfRib,
  }: Pick<Update, "errors" | "endOfRib"> & { readonly decoded: DecodedAttributes },
): Update {
  const attributes = announced.length > 0 ? pathAttributesOf(decoded.values) : undefined;
  return { type: "update", withdrawn, announced, attributes, endOfRib, errors };
}
