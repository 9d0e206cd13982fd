import * as v from "valibot";
import { expected, quote, withHint } from "../bgp/config/message.ts";
import { isPattern } from "./router-names.ts";

const nameHint = (max: number) => `letters, digits, - and _, a letter or digit first, at most ${max} in all`;

/** The name of a lab or a router: it becomes part of file and namespace names, and never holds a dot. */
export function nameField({ of, max }: { of: "lab" | "router" | "group" | "policy"; max: number }) {
  return v.pipe(
    v.string(expected(`the name of a ${of}`, "a name of digits alone must be quoted")),
    v.check(
      (value) => value.length <= max && isName(value),
      ({ input }) => withHint(`${quote(input)} cannot be the name of a ${of}`, nameHint(max)),
    ),
  );
}

/** A router of a group, or several, as {@link isPattern} has it. */
export const memberField = v.pipe(
  v.string(expected("the name of a router", "a name of digits alone must be quoted")),
  v.check(isPattern, ({ input }) =>
    withHint(`${quote(input)} names no router`, 'write a name, or a pattern such as "leaf*" or "leaf[1-4]"'),
  ),
);

/** Whether a text has the form of a name, whatever its length. */
export function isName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(text);
}

const unitMs = { ms: 1, s: 1000, m: 60_000 } as const;
const maxDurationMs = 24 * 60 * 60 * 1000;
const durationHint = "a number of seconds, or a text such as 500ms, 3s or 1m; at most a day";

/** A duration, in milliseconds from here on. */
export const durationField = v.pipe(
  v.custom<number | string>(
    (value) => typeof value === "number" || typeof value === "string",
    expected("a duration", durationHint),
  ),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const ms = typeof value === "number" ? value * 1000 : parseDuration(value);
    if (ms >= 0 && ms <= maxDurationMs) return Math.round(ms);
    addIssue({ message: withHint(`${JSON.stringify(value)} is not a duration`, durationHint) });
    return NEVER;
  }),
);

/** NaN if the text is none. */
function parseDuration(text: string): number {
  const [, digits, unit] = /^(\d{1,12}(?:\.\d{1,6})?)(ms|s|m)$/.exec(text) ?? [];
  return Number(digits) * (unitMs[unit as keyof typeof unitMs] ?? Number.NaN);
}
