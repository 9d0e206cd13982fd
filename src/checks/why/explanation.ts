/** Why something is not as it should be: what was looked at, in order, up to the first thing that is broken. Plain JSON. */
export interface Explanation {
  /** What was asked for, e.g. `"r1:eth0 with r2:eth0"`. */
  readonly subject: string;
  /** Whom it is about: the routers at both ends of a session, or all on the way of a route. */
  readonly routers: readonly string[];
  /** How it is, as what follows the subject in a sentence: `"is Connect"`. */
  readonly state: string;
  /** Nothing behind the cause was looked at: it would only follow from it. */
  readonly findings: readonly Finding[];
  /** The first thing that is broken; null if nothing is. */
  readonly cause: Finding | null;
}

/** What was found at one step of the way. */
export interface Finding {
  /** A word for it, e.g. `"carrier"`. */
  readonly step: string;
  /** `unknown` where nobody tells; the search goes on behind it. */
  readonly state: "ok" | "broken" | "unknown";
  readonly text: string;
  /** What to do about it, or where to look. */
  readonly hint?: string;
  /** Lines to compare, e.g. the OPENs of both ends. */
  readonly details?: readonly string[];
}

/** Looks at one step. */
export type Look<Facts> = (facts: Facts) => Finding;

/** Looks at step after step until one is broken. */
export function explain<Facts>(
  head: Pick<Explanation, "subject" | "routers" | "state">,
  looks: readonly Look<Facts>[],
  facts: Facts,
): Explanation {
  const findings: Finding[] = [];
  for (const look of looks) {
    const finding = look(facts);
    findings.push(finding);
    if (finding.state === "broken") return { ...head, findings, cause: finding };
  }
  return { ...head, findings, cause: null };
}

export const ok = (step: string, text: string): Finding => ({ step, state: "ok", text });

export const unknown = (step: string, text: string): Finding => ({ step, state: "unknown", text });

/** A step at which something is broken. */
export function broken(
  step: string,
  text: string,
  more: { readonly hint?: string; readonly details?: readonly string[] } = {},
): Finding {
  return { step, state: "broken", text, ...more };
}
