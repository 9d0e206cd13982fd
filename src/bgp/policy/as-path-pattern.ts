import { formatAsPath } from "../wire/as-path.ts";
import type { AsPathSegment } from "../wire/message.ts";
import { Automaton } from "./as-path-automaton.ts";
import { parseAsPathPattern } from "./as-path-syntax.ts";

/** Why a text is no regular expression over AS paths, as what follows it in a sentence; undefined if it is one. */
export function asPathProblem(text: string): string | undefined {
  const pattern = parseAsPathPattern(text);
  if ("message" in pattern) return pattern.message;
  return Automaton.fits(pattern) ? undefined : "it repeats too much";
}

/** Whether AS paths match a regular expression, somewhere in them, in time that grows with their length alone. @throws {RangeError} if it is none */
export function compileAsPathPattern(text: string): (path: readonly AsPathSegment[]) => boolean {
  const pattern = parseAsPathPattern(text);
  if ("message" in pattern) throw new RangeError(`"${text}" is no regular expression: ${pattern.message}`);
  const automaton = new Automaton(pattern);
  return (path) => automaton.matches(formatAsPath(path));
}
