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
  const listed = `the keys here are ${known.join(", ")}`;
  const guesses = new Guesses((key) => {
    const meant = nearest(key, known);
    return meant === undefined ? listed : `did you mean ${meant}?`;
  });
  return v.pipe(
    v.custom<Record<string, unknown>>(isMapping, expected(`a map of ${known.join(", ")}`)),
    v.looseObject(entries, (issue) => `${issue.expected} is missing`),
    v.rawCheck(({ dataset, addIssue }) => {
      const input = dataset.value as Record<string, unknown>;
      let unknown = 0;
      for (const [key, value] of Object.entries(input)) {
        if (Object.hasOwn(entries, key)) continue;
        const hint = hints.get(key) ?? (unknown++ < maxGuesses ? guesses.of(key) : listed);
        addIssue({
          message: withHint(`unknown key ${quote(key)}`, hint),
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

/** How many unknown keys of one map get a guess at what was meant: each is compared with every key there is. */
const maxGuesses = 100;

/** Guesses that are made once for each word: many maps may have the same wrong key. */
class Guesses {
  readonly #guess: (word: string) => string;
  readonly #made = new Map<string, string>();

  constructor(guess: (word: string) => string) {
    this.#guess = guess;
  }

  of(word: string): string {
    const made = this.#made.get(word);
    if (made !== undefined) return made;
    const guess = this.#guess(word);
    if (this.#made.size >= 1000) this.#made.clear();
    this.#made.set(word, guess);
    return guess;
  }
}
