import { isAsn } from "../../net/asn.ts";
import type { AsPathSegment } from "./message.ts";

const bracketed: ReadonlyMap<string | undefined, AsPathSegment["type"]> = new Map([
  ["{", "set"],
  ["(", "confedSequence"],
  ["[", "confedSet"],
]);

/** Reads what `formatAsPath` writes: `64512 64513 {1,2}`, `(65001 65002) 3`. @returns undefined for anything else */
export function parseAsPath(text: string): AsPathSegment[] | undefined {
  const segments: AsPathSegment[] = [];
  for (const word of text.match(/[{([][^{}()[\]]*[\])}]|[^\s]+/g) ?? []) {
    const type = bracketed.get(word[0]) ?? "sequence";
    const asns = (type === "sequence" ? word : word.slice(1, -1)).split(/[ ,]+/).map(toAsn);
    if (!asns.every(isAsn)) return undefined;
    const last = segments.at(-1);
    if (type === "sequence" && last?.type === "sequence") {
      segments[segments.length - 1] = { type, asns: [...last.asns, ...asns] };
    } else segments.push({ type, asns });
  }
  return segments;
}

const toAsn = (digits: string): number => (/^\d{1,10}$/.test(digits) ? Number(digits) : Number.NaN);
