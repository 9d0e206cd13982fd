import { type Described, entriesOf, firstOf } from "./schema-parts.ts";

/** The keys of a map, and of the maps in it, whose values are numbers: a text there is an expression. */
export function numericKeysOf(schema: Described): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const [key, value] of Object.entries(entriesOf(schema) ?? {})) {
    if (firstOf(value).type === "number") keys.add(key);
    for (const inner of numericKeysOf(value)) keys.add(inner);
  }
  return keys;
}
