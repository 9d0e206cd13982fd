import * as v from "valibot";
import { expected, quote, withHint } from "./message.ts";
import { nearest } from "./suggest.ts";

/**
 * A map with these keys and no others: every key that is not among them is an issue of its own.
 *
 * @param hints what to say instead of a guess, by unknown key
 */
export function closed<const Entries extends v.ObjectEntries>(
  entries: Entries,
  hints: ReadonlyMap<string, string> = new Map(),
) {
  const known = Object.keys(entries);
  return v.pipe(
    v.custom<Record<string, unknown>>(isMapping, expected(`a map of ${known.join(", ")}`)),
    v.looseObject(entries, (issue) => `${issue.expected} is missing`),
    v.rawCheck(({ dataset, addIssue }) => {
      const input = dataset.value as Record<string, unknown>;
      for (const [key, value] of Object.entries(input)) {
        if (Object.hasOwn(entries, key)) continue;
        addIssue({
          message: withHint(`unknown key ${quote(key)}`, hints.get(key) ?? guess(key, known)),
          path: [{ type: "object", origin: "key", input, key, value }],
        });
      }
    }),
  );
}

/** A plain object: what a YAML or JSON map becomes. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Map);
}

function guess(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  return meant === undefined ? `the keys here are ${known.join(", ")}` : `did you mean ${meant}?`;
}
