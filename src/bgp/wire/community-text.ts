import { formatAddress, parseAddress } from "../../net/address.ts";
import type { LargeCommunity } from "./message.ts";

/** Communities that have a name (IANA, BGP Well-known Communities). */
const wellKnown: ReadonlyMap<string, number> = new Map([
  ["graceful-shutdown", 0xffff_0000], // RFC 8326
  ["accept-own", 0xffff_0001], //        RFC 7611
  ["llgr-stale", 0xffff_0006], //        RFC 9494
  ["no-llgr", 0xffff_0007], //           RFC 9494
  ["blackhole", 0xffff_029a], //         RFC 7999
  ["no-export", 0xffff_ff01], //         RFC 1997
  ["no-advertise", 0xffff_ff02], //      RFC 1997
  ["no-export-subconfed", 0xffff_ff03], // RFC 1997
  ["no-peer", 0xffff_ff04], //           RFC 3765
]);

const names = new Map([...wellKnown].map(([name, value]) => [value, name] as const));

/** Two-octet AS, IPv4 address and four-octet AS (RFC 4360 §3.1, §3.2, RFC 5668 §2). */
type Administrator = "asn2" | "address" | "asn4";

const administrators: Record<string, Administrator> = { "00": "asn2", "01": "address", "02": "asn4" };

/** Route Target and Site of Origin (RFC 4360 §4, §5). */
const subtypes: Record<string, string> = { "02": "rt", "03": "soo" };

/** A community as people write it: `64512:100`, or the name of a well-known one such as `no-export`. */
export function formatCommunity(community: number): string {
  return names.get(community) ?? `${community >>> 16}:${community & 0xffff}`;
}

/** Reads `64512:100` or the name of a well-known community. @returns undefined for anything else */
export function parseCommunity(text: string): number | undefined {
  const known = wellKnown.get(text);
  if (known !== undefined) return known;
  const [high = -1, low = -1, ...rest] = text.split(":").map(parseNumber);
  if (rest.length > 0 || !fits(high, 0xffff) || !fits(low, 0xffff)) return undefined;
  return high * 0x1_0000 + low;
}

/** A large community as in RFC 8092 §5: `64512:1:2`. */
export function formatLargeCommunity(community: LargeCommunity): string {
  return community.join(":");
}

/** Reads `64512:1:2`. @returns undefined for anything else */
export function parseLargeCommunity(text: string): LargeCommunity | undefined {
  const [global = -1, local1 = -1, local2 = -1, ...rest] = text.split(":").map(parseNumber);
  const parts = [global, local1, local2] as const;
  return rest.length === 0 && parts.every((part) => fits(part, 0xffff_ffff)) ? parts : undefined;
}

/** An extended community as people write it: `rt:64512:1` and `soo:10.0.0.1:1`, and all others as 16 hexadecimal digits. */
export function formatExtendedCommunity(community: string): string {
  const subtype = subtypes[community.slice(2, 4)];
  const administrator = administrators[community.slice(0, 2)];
  if (subtype === undefined || administrator === undefined) return community;
  const [global, local] = splitValue(community.slice(4), administrator);
  // A short ASN in the long form would be read back as the short form.
  if (administrator === "asn4" && global <= 0xffff) return community;
  return `${subtype}:${administrator === "address" ? formatQuad(global) : global}:${local}`;
}

/** Reads `rt:64512:1`, `rt:10.0.0.1:1`, `soo:…` or 16 hexadecimal digits. @returns the digits in lower case; undefined for anything else */
export function parseExtendedCommunity(text: string): string | undefined {
  if (/^[0-9a-f]{16}$/i.test(text)) return text.toLowerCase();
  const [name = "", global = "", local = "", ...rest] = text.split(":");
  const subtype = Object.entries(subtypes).find(([, known]) => known === name)?.[0];
  const value = rest.length === 0 ? joinValue(global, parseNumber(local)) : undefined;
  return subtype && value && `${value.type}${subtype}${value.digits}`;
}

function splitValue(digits: string, administrator: Administrator): [global: number, local: number] {
  const at = administrator === "asn2" ? 4 : 8;
  return [Number.parseInt(digits.slice(0, at), 16), Number.parseInt(digits.slice(at), 16)];
}

function joinValue(text: string, local: number): { type: string; digits: string } | undefined {
  const quad = text.includes(".");
  const global = quad ? parseQuad(text) : parseNumber(text);
  const short = !quad && global <= 0xffff;
  if (!fits(global, 0xffff_ffff) || !fits(local, short ? 0xffff_ffff : 0xffff)) return undefined;
  const type = quad ? "01" : short ? "00" : "02";
  return { type, digits: short ? hex(global, 4) + hex(local, 8) : hex(global, 8) + hex(local, 4) };
}

function parseQuad(text: string): number {
  const address = parseAddress(text);
  if (address === undefined) return Number.NaN;
  return address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

function formatQuad(value: number): string {
  return formatAddress(Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value));
}

/** NaN unless the text is a number in its shortest form. */
function parseNumber(text: string): number {
  return /^(0|[1-9]\d{0,9})$/.test(text) ? Number(text) : Number.NaN;
}

const fits = (value: number, max: number) => value >= 0 && value <= max;

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
