import * as v from "valibot";
import { expected, quote, withHint } from "../bgp/config/message.ts";
import { type Address, parseAddress } from "../net/address.ts";
import { type EndText, parseEnd, parseLink } from "./link-text.ts";
import type { Span } from "./source.ts";

/** Interfaces by a link that joins them, `r1 -- r2`, or by themselves, `r1:eth0`; a router's name stands for all of its own. */
export interface TargetText {
  /** Two of a link, or one alone. */
  readonly ends: readonly EndText[];
  /** Of the session that is meant on a shared link, `r1:eth0/fe80::3`. */
  readonly peer: Address | null;
}

export const targetHint = "write an interface as r1:eth0, a link as r1 -- r2, all links of a router as r1";

const targetField = v.pipe(
  v.string(expected("an interface or a link", targetHint)),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }): TargetText => {
    const target = parseTarget(value);
    if (!("message" in target)) return target;
    const { span, message } = target;
    const place = { type: "unknown", origin: "value", input: value, key: span, value } as const;
    addIssue({ message: withHint(message, targetHint), path: [place] });
    return NEVER;
  }),
);

/** Interfaces or links, one or several. */
export const targetsField = oneOrMore(targetField, "interfaces or links", targetHint);

/** One of something, or a list of it. */
export function oneOrMore<Schema extends v.GenericSchema>(one: Schema, what: string, hint: string) {
  type Items = v.InferOutput<Schema>[];
  const single = v.pipe(
    one,
    v.transform((item): Items => [item]),
  );
  const several = v.pipe(
    v.array(one, expected(what, hint)),
    v.minLength(1, withHint(`expected ${what}, found an empty list`, hint)),
  );
  return v.lazy((input): v.GenericSchema<unknown, Items> => (Array.isArray(input) ? several : single));
}

/** Why a text is no target, and where in it. */
interface Problem {
  readonly span: Span;
  readonly message: string;
}

/** Splits a target into its ends, which may not exist. */
export function parseTarget(text: string): TargetText | Problem {
  const whole = { start: 0, end: text.length };
  if (/(^|\s)--(\s|$)/.test(text)) {
    const { ends, problems } = parseLink(text);
    const [problem] = problems;
    if (problem) return problem;
    if (ends.length === 2) return { ends, peer: null };
    return { span: whole, message: `${quote(text)} is more than one link` };
  }
  const [, name = text, address] = /^([^/]*)\/([^/]*)$/.exec(text) ?? [];
  const peer = address === undefined ? null : parseAddress(address);
  const end = parseEnd(name, 0);
  if ("type" in end || peer === undefined) {
    return { span: whole, message: `${quote(text)} is neither an interface nor a link` };
  }
  return { ends: [end], peer };
}
