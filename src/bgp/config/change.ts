import * as v from "valibot";
import type { SessionConfig } from "./config.ts";
import { splitHint } from "./message.ts";
import { unknownPolicy } from "./policy-names.ts";
import { describeIssue, sessionChangeSchema } from "./schema.ts";
import { keepaliveProblem } from "./timers.ts";

/** What a session becomes by a change, or why it does not. */
export type Change = { readonly type: "changed"; readonly session: SessionConfig } | Refused;

/** Nothing changes. */
export interface Refused {
  readonly type: "refused";
  /** Each with its JSON path, as of a whole configuration. */
  readonly mistakes: readonly string[];
}

/**
 * Lays parsed JSON, checked, over a session: some of the fields of `SessionConfig`, and of its timers. Where the session
 * is, its interface and both addresses, stays.
 *
 * @param policies names of those that the router has
 */
export function changeSession(before: SessionConfig, value: unknown, policies: readonly string[]): Change {
  const result = v.safeParse(sessionChangeSchema, value);
  if (!result.success) return { type: "refused", mistakes: result.issues.map(describeIssue) };
  const { timers, ...fields } = result.output;
  const session = { ...before, ...fields, timers: { ...before.timers, ...timers } };
  const mistakes = [
    mistake("timers", keepaliveProblem(session.timers)),
    mistake("importPolicy", unknownPolicy(session.importPolicy, policies)),
    mistake("exportPolicy", unknownPolicy(session.exportPolicy, policies)),
  ].filter((each) => each !== undefined);
  return mistakes.length === 0 ? { type: "changed", session } : { type: "refused", mistakes };
}

function mistake(path: string, problem: string | undefined): string | undefined {
  if (problem === undefined) return undefined;
  const { message, hint } = splitHint(problem);
  return `${path}: ${message}${hint === undefined ? "" : ` (${hint})`}`;
}
