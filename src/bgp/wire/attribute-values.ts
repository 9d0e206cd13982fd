import { formatAddress, type RouterId, routerIdFromNumber } from "../../net/address.ts";
import { u16At, u32At, viewOf } from "../../std/bytes.ts";
import type { AsnWidth } from "./as-path.ts";
import type { AttributeField } from "./attribute.ts";
import type { LargeCommunity, Origin, PathAttributes } from "./message.ts";

/** AS and address of the speaker that made an aggregate (RFC 4271 §5.1.7). */
export type Aggregator = NonNullable<PathAttributes["aggregator"]>;

/** The values of ORIGIN by their number (RFC 4271 §4.3 a). */
export const origins: readonly Origin[] = ["igp", "egp", "incomplete"];

/** @returns what is wrong, in words, if the value does not have exactly so many octets */
export function wrongLength({ start, end }: AttributeField, length: number): string | undefined {
  return end - start === length ? undefined : `${end - start} octets instead of ${length}`;
}

/** @returns what is wrong, in words, if the value is not one or more units of so many octets */
export function wrongUnits({ start, end }: AttributeField, unit: number): string | undefined {
  const length = end - start;
  if (length > 0 && length % unit === 0) return undefined;
  return `${length} octets are not one or more times ${unit}`;
}

/** @returns what is malformed, in words (RFC 7606 §7.7, RFC 7607 §2) */
export function decodeAggregator(field: AttributeField, width: AsnWidth): Aggregator | string {
  const wrong = wrongLength(field, width + 4);
  if (wrong !== undefined) return wrong;
  const { octets, start, end } = field;
  const asn = width === 4 ? u32At(octets, start) : u16At(octets, start);
  if (asn === 0) return "AS 0";
  return { asn, address: formatAddress(viewOf(octets, end - 4, end)) };
}

/** The value as numbers of 32 bits. */
export function decodeNumbers({ octets, start, end }: AttributeField): number[] {
  const numbers = new Array<number>((end - start) >> 2);
  for (let index = 0; index < numbers.length; index++) numbers[index] = u32At(octets, start + 4 * index);
  return numbers;
}

/** The value as identifiers of routers or clusters. */
export function decodeRouterIds(field: AttributeField): RouterId[] {
  return decodeNumbers(field).map(routerIdFromNumber);
}

/** The value as 16 hexadecimal digits a community (RFC 4360 §2). */
export function decodeExtendedCommunities(field: AttributeField): string[] {
  const words = decodeNumbers(field).map((word) => word.toString(16).padStart(8, "0"));
  return Array.from({ length: words.length / 2 }, (_, index) => `${words[2 * index]}${words[2 * index + 1]}`);
}

/** The value as large communities, each once (RFC 8092 §5). */
export function decodeLargeCommunities(field: AttributeField): LargeCommunity[] {
  const words = decodeNumbers(field);
  const unique = new Map<string, LargeCommunity>();
  for (let at = 0; at < words.length; at += 3) {
    const community = [words[at] ?? 0, words[at + 1] ?? 0, words[at + 2] ?? 0] as const;
    const key = community.join(":");
    if (!unique.has(key)) unique.set(key, community);
  }
  return [...unique.values()];
}
