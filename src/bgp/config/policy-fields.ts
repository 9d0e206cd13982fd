import * as v from "valibot";
import { isAsn } from "../../net/asn.ts";
import { isIfname } from "../../net/endpoint.ts";
import { prefixFamily, prefixParts } from "../../net/prefix.ts";
import { asPathProblem } from "../policy/as-path-pattern.ts";
import type { NumberRange, PrefixRange, Rule } from "../policy/policy.ts";
import { closed } from "./closed.ts";
import { ifnameHint, prefixField } from "./fields.ts";
import { expected, quote, withHint } from "./message.ts";
import { isWord, wholeField, wordField } from "./word.ts";

const prefixHint = 'write it as 10.0.0.0/8, "10.0.0.0/8 le 24" or "2001:db8::/32 ge 48 le 64"';

const lengthField = v.optional(wholeField("a length", { min: 0, max: 128 }));

/** Prefixes to match: a text such as `10.0.0.0/8 le 24`, or its parts. */
const prefixRange = v.lazy((input) =>
  typeof input === "string"
    ? prefixRangeText
    : closed({ prefix: prefixField, ge: lengthField, le: lengthField }),
);

const prefixRangeText = v.pipe(
  v.string(),
  v.transform((text) => {
    const [, prefix = "", ge, le] = /^(\S+)(?: +ge +(\d{1,3}))?(?: +le +(\d{1,3}))?$/.exec(text.trim()) ?? [];
    return { prefix, ge, le, text };
  }),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const { prefix, ge, le, text } = value;
    if (prefix === "") {
      addIssue({ message: withHint(`${quote(text)} is not a prefix to match`, prefixHint) });
      return NEVER;
    }
    const parsed = v.safeParse(prefixField, prefix);
    for (const { message } of parsed.issues ?? []) addIssue({ message });
    if (!parsed.success) return NEVER;
    const number = (digits: string | undefined) => (digits === undefined ? undefined : Number(digits));
    return { prefix: parsed.output, ge: number(ge), le: number(le) };
  }),
);

/** A list of prefixes to match; what is longer than a prefix only matches within its `ge` and `le`. */
export const prefixRangesField = nonEmptyList(
  v.pipe(
    prefixRange,
    v.rawTransform(({ dataset: { value }, addIssue, NEVER }): PrefixRange => {
      const { length } = prefixParts(value.prefix);
      const most = prefixFamily(value.prefix) === 4 ? 32 : 128;
      // As a prefix list of FRR's has it: `ge` alone is up to the longest, `le` alone from the prefix itself.
      const ge = value.ge ?? length;
      const le = value.le ?? (value.ge === undefined ? length : most);
      if (length <= ge && ge <= le && le <= most) return { prefix: value.prefix, ge, le };
      const message = `no prefix in ${value.prefix} has ${ge} to ${le} bits`;
      addIssue({ message: withHint(message, `${length} <= ge <= le <= ${most}`) });
      return NEVER;
    }),
  ),
  "a list of prefixes",
  prefixHint,
);

const rangeHint = "write it as 100 or 0-100";

/** A number of 32 bits or a range of them: `100`, `0-100` or its two ends. */
export const numberRangeField = v.pipe(
  v.custom<number | string | { min: unknown; max: unknown }>(isRangeLike, expected("a range", rangeHint)),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }): NumberRange => {
    const { min, max } = endsOf(value);
    if (isWord(min) && isWord(max) && min <= max) return { min, max };
    const shown = typeof value === "object" ? `${value.min}-${value.max}` : String(value);
    addIssue({ message: withHint(`${quote(shown)} is not a range of numbers`, rangeHint) });
    return NEVER;
  }),
);

function isRangeLike(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return "min" in value && "max" in value;
  return typeof value === "number" || typeof value === "string";
}

function endsOf(value: number | string | { min: unknown; max: unknown }): NumberRange {
  if (typeof value === "number") return { min: value, max: value };
  if (typeof value === "object") return { min: toNumber(value.min), max: toNumber(value.max) };
  const [, min, max] = /^ *(\d{1,10}) *(?:- *(\d{1,10}) *)?$/.exec(value) ?? [];
  return { min: Number(min), max: Number(max ?? min) };
}

const toNumber = (value: unknown): number => (typeof value === "number" ? value : Number.NaN);

const peerHint = "a peer is the interface that leads to it, such as eth0, or its AS number";

/** Interfaces or AS numbers of peers. */
export const peersField = nonEmptyList(
  v.pipe(
    v.custom<string | number>(
      (value) => typeof value === "string" || typeof value === "number",
      expected("a peer", peerHint),
    ),
    v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
      if (typeof value === "number" ? isAsn(value) : isIfname(value)) return value as Peer;
      addIssue(
        typeof value === "number"
          ? { message: withHint(`${value} is not an AS number`, peerHint) }
          : { message: withHint(`${quote(value)} is not an interface name`, ifnameHint) },
      );
      return NEVER;
    }),
  ),
  "a list of peers",
  peerHint,
);

type Peer = NonNullable<Rule["match"]["peers"]>[number];

/** Prefixes that hold a next hop. */
export const nextHopsField = nonEmptyList(prefixField, "a list of prefixes", 'write it as ["fe80::/10"]');

/** RFC 4271 §5.1.1. */
export const originField = v.picklist(
  ["igp", "egp", "incomplete"],
  expected("an origin", "origins are igp, egp and incomplete"),
);

const pathHint = 'write it over AS numbers, such as "^64512_" or "_(64513|64514)$"';

/** A regular expression over AS paths. */
export const asPathField = v.pipe(
  v.string(expected("a regular expression", pathHint)),
  v.rawCheck(({ dataset, addIssue }) => {
    const problem = dataset.typed ? asPathProblem(dataset.value) : undefined;
    if (problem === undefined) return;
    const message = `${quote(dataset.value as string)} is no regular expression over AS paths: ${problem}`;
    addIssue({ message: withHint(message, pathHint) });
  }),
);

/** What becomes of a route that matches. */
export const actionField = v.picklist(
  ["accept", "reject", "next"],
  expected("what to do", "accept, reject, or next for the rule behind this one"),
);

/** How many more times our own ASN is put at the front of an AS path. */
export const prependField = wholeField("a number of times to prepend", { min: 1, max: 64 });

/** MED and LOCAL_PREF to set; null takes the attribute away. */
export const setFields = {
  med: v.nullable(wordField("a MED")),
  localPref: v.nullable(wordField("a local preference")),
};

/** A list of which one must match, and which so must have one. */
export function nonEmpty<Schema extends v.GenericSchema<unknown, unknown[]>>(list: Schema) {
  return v.pipe(
    list,
    v.check(
      (items) => items.length > 0,
      withHint("an empty list matches nothing", "leave it out to match everything"),
    ),
  );
}

function nonEmptyList<Schema extends v.GenericSchema>(item: Schema, what: string, hint: string) {
  return nonEmpty(v.array(item, expected(what, hint)));
}
