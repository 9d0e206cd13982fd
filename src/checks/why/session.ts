import { broken, type Explanation, explain, type Finding, type Look, ok } from "./explanation.ts";
import {
  lookAtAddress,
  lookAtBlackhole,
  lookAtCarrier,
  lookAtDiscovery,
  lookAtInterface,
  lookAtRouter,
  lookAtSpeaker,
  lookAtUp,
} from "./machine.ts";
import { type EndedBy, endingOf, readNotification } from "./notification.ts";
import { lookAtOpen } from "./open.ts";
import { type EndFacts, endsOf, nameOf, pairsOf, type SessionFacts } from "./session-facts.ts";
import { lookAtTcp } from "./tcp.ts";

/** From the wire up, as a session comes up itself. */
const looks: readonly Look<SessionFacts>[] = [
  lookAtRouter,
  lookAtInterface,
  lookAtSpeaker,
  lookAtUp,
  lookAtCarrier,
  lookAtBlackhole,
  lookAtAddress,
  lookAtDiscovery,
  lookAtTcp,
  lookAtOpen,
  lookAtTimers,
  lookAtEnd,
];

/** Why a session is not Established, or that it is. */
export function whySession(facts: SessionFacts): Explanation {
  const { near, far } = facts;
  const subject = `${nameOf(near)} with ${nameOf(far)}`;
  const state = near.status ? `is ${near.status.state}` : "is not known";
  return explain({ subject, routers: [near.router, far.router], state }, looks, facts);
}

/** Whether each end hears enough of the other (RFC 4271 §6.5, RFC 9687). */
function lookAtTimers(facts: SessionFacts): Finding {
  if (isUp(facts)) return ok("timers", `hold time ${facts.near.status?.holdTime ?? "unknown"} s`);
  for (const { own, peer } of pairsOf(facts)) {
    const ended = readNotification(own.status?.lastError);
    if (ended?.code === 4) {
      const [deaf, mute] = ended.direction === "sent" ? [own, peer] : [peer, own];
      return broken(
        "timers",
        `the hold timer expired: ${nameOf(deaf)} heard nothing of ${nameOf(mute)} in time`,
        {
          hint: "the link loses packets without going down, or the hold time is too short for it",
        },
      );
    }
    if (ended?.code === 8) {
      return broken(
        "timers",
        `the send hold timer expired: one end does not read what the other sends (RFC 9687)`,
      );
    }
    if (own.status?.state === "OpenConfirm") {
      return broken("timers", `${nameOf(own)} waits for the first KEEPALIVE of ${nameOf(peer)}`);
    }
  }
  return ok("timers", "no timer has expired");
}

const isUp = (facts: SessionFacts): boolean =>
  endsOf(facts).every(({ status }) => status?.state === "Established");

/** What is left: somebody ended the session for a reason of BGP's own, or it is just coming up. */
function lookAtEnd(facts: SessionFacts): Finding {
  if (isUp(facts)) return ok("session", `Established since ${facts.near.status?.since ?? "unknown"}`);
  for (const { own, peer } of pairsOf(facts)) {
    const ended = endingOf(own);
    const [by, other] = ended?.direction === "sent" ? [own, peer] : [peer, own];
    const finding = ended && wordEnd(ended, by, other);
    if (finding) return finding;
  }
  const { near } = facts;
  const waiting = near.status?.waitingFor ?? "its peer";
  return broken("session", `${nameOf(near)} is coming up, and waits for ${waiting}`, {
    ...(near.status?.lastError ? { details: [`last error: ${near.status.lastError}`] } : {}),
  });
}

function wordEnd({ code, subcode, message }: EndedBy, by: EndFacts, peer: EndFacts): Finding | undefined {
  const detail = message === "" ? "" : `: ${message}`;
  if (code === 6) return wordCease(subcode, { by, peer, detail });
  if (code === 3) {
    return broken(
      "session",
      `${nameOf(by)} ended the session for a malformed UPDATE of ${nameOf(peer)}${detail}`,
    );
  }
  return broken("session", `${nameOf(by)} ended the session with NOTIFICATION ${code}/${subcode}${detail}`);
}

/** RFC 4486 §4. A lost collision is no reason: the other connection stays. */
function wordCease(
  subcode: number,
  { by, peer, detail }: { by: EndFacts; peer: EndFacts; detail: string },
): Finding | undefined {
  switch (subcode) {
    case 1:
      return broken(
        "session",
        `${nameOf(peer)} told ${nameOf(by)} more prefixes than its prefix-limit of ${by.config?.prefixLimit ?? "then"}`,
        { hint: `raise prefix-limit at ${nameOf(by)}, or let ${peer.router} tell less` },
      );
    case 2:
      return broken("session", `${nameOf(by)} has shut the session down${detail}`);
    case 3:
      return broken("session", `${nameOf(by)} has removed the session${detail}`);
    case 4:
      return broken("session", `${nameOf(by)} has reset the session${detail}`);
    case 5:
      return broken("session", `${nameOf(by)} rejects the connections of ${nameOf(peer)}${detail}`);
    case 7:
      return undefined;
    default:
      return broken("session", `${nameOf(by)} ended the session with Cease 6/${subcode}${detail}`);
  }
}
