import * as v from "valibot";
import { sessionName } from "../../net/session-name.ts";
import type { Refused } from "./change.ts";
import { closed } from "./closed.ts";
import type { RouterConfig, SessionConfig } from "./config.ts";
import { expected } from "./message.ts";
import { knownPolicies } from "./policy-names.ts";
import { policiesSchema } from "./policy-schema.ts";
import { describeIssue, policyNames } from "./schema.ts";

/** What a router's policies become, and its sessions in their order, or why they do not. */
export type PolicyChange = (Policed & { readonly type: "changed" }) | Refused;

type Policed = Pick<RouterConfig, "policies" | "sessions">;

const changeSchema = closed({
  policies: policiesSchema,
  sessions: v.optional(v.record(v.string(), closed(policyNames), expected("a map of sessions")), {}),
});

/**
 * Replaces all policies of a router by those of parsed JSON, checked, and which of them its sessions have:
 * `{ policies: { customers: […] }, sessions: { eth0: { importPolicy: "customers" } } }`. A session that is not named keeps its own.
 */
export function changePolicies(before: Policed, value: unknown): PolicyChange {
  const schema = v.pipe(
    changeSchema,
    v.transform(({ policies, sessions: named }) => ({
      policies,
      sessions: before.sessions.map(
        (session): SessionConfig => ({ ...session, ...named[sessionName(session)] }),
      ),
    })),
    knownPolicies(),
  );
  const result = v.safeParse(schema, value);
  if (!result.success) return { type: "refused", mistakes: result.issues.map(describeIssue) };
  return { type: "changed", ...result.output };
}
