import * as v from "valibot";
import { parseCommunity, parseExtendedCommunity, parseLargeCommunity } from "../wire/community-text.ts";
import type { LargeCommunity } from "../wire/message.ts";
import { expected, quote, withHint } from "./message.ts";
import { isWord } from "./word.ts";

const communityHint = "write it as 64512:100, or no-export, no-advertise or no-peer";

/** A community as 32 bits, from a text such as `64512:100` or `no-export`, or from the number itself. */
export const communityField = v.pipe(
  v.custom<number | string>(
    (value) => typeof value === "number" || typeof value === "string",
    expected("a community", communityHint),
  ),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const bits = typeof value === "number" ? value : parseCommunity(value);
    if (bits !== undefined && isWord(bits)) return bits;
    const shown = typeof value === "number" ? String(value) : quote(value);
    addIssue({ message: withHint(`${shown} is not a community`, communityHint) });
    return NEVER;
  }),
);

/** A list of communities (RFC 1997). */
export const communitiesField = v.array(communityField, expected("a list of communities", communityHint));

const extendedHint = "write it as rt:64512:1, soo:10.0.0.1:7, or 16 hexadecimal digits";

/** A list of extended communities (RFC 4360), of 16 hexadecimal digits each from here on. */
export const extendedCommunitiesField = v.array(
  v.pipe(
    v.string(expected("an extended community", extendedHint)),
    v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
      const digits = parseExtendedCommunity(value);
      if (digits !== undefined) return digits;
      addIssue({ message: withHint(`${quote(value)} is not an extended community`, extendedHint) });
      return NEVER;
    }),
  ),
  expected("a list of extended communities", extendedHint),
);

const largeHint = 'write it as "64512:1:2", each number from 0 to 4294967295';

/** A list of large communities (RFC 8092), from texts such as `64512:1:2` or from lists of three numbers. */
export const largeCommunitiesField = v.array(
  v.pipe(
    v.custom<string | readonly unknown[]>(
      (value) => typeof value === "string" || Array.isArray(value),
      expected("a large community", largeHint),
    ),
    v.rawTransform(({ dataset: { value }, addIssue, NEVER }): LargeCommunity => {
      const parts = typeof value === "string" ? parseLargeCommunity(value) : value;
      if (parts !== undefined && isTriple(parts)) return parts;
      const shown = typeof value === "string" ? quote(value) : JSON.stringify(value);
      addIssue({ message: withHint(`${shown} is not a large community`, largeHint) });
      return NEVER;
    }),
  ),
  expected("a list of large communities", largeHint),
);

function isTriple(parts: readonly unknown[]): parts is LargeCommunity {
  return parts.length === 3 && parts.every((part) => typeof part === "number" && isWord(part));
}
