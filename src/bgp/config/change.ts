import * as v from "valibot";
import type { SessionConfig } from "./config.ts";
import { splitHint } from "./message.ts";
import { describeIssue, sessionChangeSchema } from "./schema.ts";
import { keepaliveProblem } from "./timers.ts";

/** What a session becomes by a change, or why it does not. */
export type Change =
  | { readonly type: "changed"; readonly session: SessionConfig }
  /** Each with its JSON path, as of a whole configuration. */
  | { readonly type: "refused"; readonly mistakes: readonly string[] };

/**
 * Lays parsed JSON, checked, over a session: some of the fields of `SessionConfig`, and of its timers. Where the session
 * is, its interface and address, stays.
 */
export function changeSession(before: SessionConfig, value: unknown): Change {
  const result = v.safeParse(sessionChangeSchema, value);
  if (!result.success) return { type: "refused", mistakes: result.issues.map(describeIssue) };
  const { timers, ...fields } = result.output;
  const session = { ...before, ...fields, timers: { ...before.timers, ...timers } };
  const problem = keepaliveProblem(session.timers);
  if (problem === undefined) return { type: "changed", session };
  const { message, hint } = splitHint(problem);
  return { type: "refused", mistakes: [`timers: ${message}${hint === undefined ? "" : ` (${hint})`}`] };
}
