import { formatSessionEnd, type SessionEnd, sessionName } from "../net/session-name.ts";
import type { Action } from "../plan/action.ts";
import type { Plan } from "../plan/plan.ts";
import { sessionPeers } from "../plan/session-peers.ts";
import { findSession } from "./inspect-session.ts";
import { plannedRouter } from "./names.ts";

/** A new connection, or over the one there is all routes of the peer again, all of our own, or both. */
export type ResetType = "hard" | "in" | "out" | "both";

/**
 * What to do for a user who wants a session reset, or all of a router's.
 *
 * @param subject `r1:eth0`, `r1:eth0/fe80::3` on a shared link, or a router @throws {RouterUnknownError} {@link SessionUnknownError}
 */
export function resetsOf(plan: Plan, { subject, type }: { subject: string; type: ResetType }): Action[] {
  const peers = sessionPeers(plan);
  return sessionsOf(plan, subject).flatMap((end): Action[] => {
    if (type === "hard") return [{ type: "reset", ...end }];
    // Whoever is to send all again is asked for it by its peer, as RFC 2918 has it.
    const far = peers.get(formatSessionEnd(end));
    const out = far ? [{ router: far.router, session: far.session }] : [];
    const asking = [...(type === "out" ? [] : [end]), ...(type === "in" ? [] : out)];
    return asking.map((each) => ({ type: "soft-reset", ...each }));
  });
}

function sessionsOf(plan: Plan, subject: string): SessionEnd[] {
  if (subject.includes(":")) return [findSession(plan, subject)];
  return plannedRouter(plan, subject).router.sessions.map((session) => ({
    router: subject,
    session: sessionName(session),
  }));
}
