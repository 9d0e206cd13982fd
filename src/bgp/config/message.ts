/**
 * A mistake in words, with what to do about it in the second line.
 *
 * Schema libraries carry one text an issue; {@link splitHint} takes it apart again where it is shown.
 */
export function withHint(message: string, hint: string): string {
  return `${message}\n${hint}`;
}

/** The two halves of {@link withHint}'s text; no hint if it has one line. */
export function splitHint(text: string): { message: string; hint: string | undefined } {
  const end = text.indexOf("\n");
  if (end < 0) return { message: text, hint: undefined };
  return { message: text.slice(0, end), hint: text.slice(end + 1) };
}

/** The message of a value of the wrong type, e.g. `expected text, found a list`. */
export function expected(what: string, hint?: string): (issue: { input: unknown }) => string {
  return ({ input }) => {
    const message = `expected ${what}, found ${describe(input)}`;
    return hint === undefined ? message : withHint(message, hint);
  };
}

/** Text in double quotes on one line, cut to a length that fits a message. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (typeof value === "string") return quote(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a map" : String(value);
}
