import { broken, type Finding, ok, unknown } from "./explanation.ts";
import { type EndedBy, readNotification } from "./notification.ts";
import { type OpenWords, openOf, sideBySide } from "./open-words.ts";
import { type EndFacts, endsOf, nameOf, pairsOf, type SessionFacts } from "./session-facts.ts";

/** RFC 4271 §4.5: an OPEN was refused. */
const openError = 2;

/** Whether each end takes the other's OPEN; if not, both are shown side by side. */
export function lookAtOpen(facts: SessionFacts): Finding {
  const { near, far } = facts;
  if (endsOf(facts).some(({ status }) => status && isAgreed(status.state))) return agreed(near, far);
  const refusal = findRefusal(facts);
  if (refusal) {
    const { text, hint } = wordRefusal(refusal);
    return broken("open", text, { details: sideBySide(near, far), ...(hint === undefined ? {} : { hint }) });
  }
  for (const { own, peer } of pairsOf(facts)) {
    if (own.status?.state !== "OpenSent") continue;
    return broken("open", `${nameOf(own)} is connected, but ${nameOf(peer)} has sent no OPEN`);
  }
  return endsOf(facts).some((end) => openOf(end, end === near ? far : near))
    ? agreed(near, far)
    : unknown("open", "no OPEN has been seen");
}

const isAgreed = (state: string): boolean => state === "OpenConfirm" || state === "Established";

function agreed(near: EndFacts, far: EndFacts): Finding {
  const words = [
    { end: near, open: openOf(near, far) },
    { end: far, open: openOf(far, near) },
  ].flatMap(({ end, open }) =>
    open ? [`${end.router} is AS ${open.asn} with hold time ${open.holdTime} s`] : [],
  );
  return ok("open", words.join(", ") || "both OPENs were taken");
}

interface Refusal extends EndedBy {
  /** Who refused. */
  readonly by: EndFacts;
  readonly peer: EndFacts;
  /** What was refused. */
  readonly open: OpenWords | undefined;
}

/** Who sent the NOTIFICATION knows more of it than who received it. */
function findRefusal(facts: SessionFacts): Refusal | undefined {
  const found = pairsOf(facts).flatMap(({ own, peer }): Refusal[] => {
    const ended = readNotification(own.status?.lastError);
    if (ended?.code !== openError) return [];
    const [by, other] = ended.direction === "sent" ? [own, peer] : [peer, own];
    return [{ ...ended, by, peer: other, open: openOf(other, by) }];
  });
  return found.find(({ direction }) => direction === "sent") ?? found[0];
}

/** What the one who refused said, where it has said something else since: another connection may have come and gone. */
function wantedInstead({ subcode, by: { config }, open }: Refusal): string {
  if (!config || !open) return "";
  const { remoteAs, remoteId, strictRole } = config;
  if (subcode === 2 && typeof remoteAs === "number") return `peer is AS ${open.asn}, expected ${remoteAs}`;
  if (subcode === 3 && remoteId !== null) return `peer has identifier ${open.routerId}, expected ${remoteId}`;
  if (subcode === 11 && strictRole && open.role === undefined) return "peer does not tell its role";
  return "";
}

/** RFC 4271 §6.2, RFC 5492, RFC 9234 §4.2. */
function wordRefusal(refusal: Refusal): { text: string; hint?: string } {
  const { subcode, by, peer, open } = refusal;
  const [who, whom] = [nameOf(by), nameOf(peer)];
  const message = refusal.message || wantedInstead(refusal);
  const detail = message === "" ? "" : `: ${message}`;
  switch (subcode) {
    case 2:
      return {
        text: `${who} refuses the AS number of ${whom}${detail || `, ${open?.asn ?? "unknown"}`}`,
        hint: `change remote-as at ${who}, or asn of ${peer.router}`,
      };
    case 3:
      return {
        text: `${who} refuses the router id of ${whom}${detail || `, ${open?.routerId ?? "unknown"}`}`,
        hint: `give ${by.router} and ${peer.router} different router ids, and remote-id what it is to be`,
      };
    case 6:
      return {
        text: `${who} refuses the hold time of ${whom}${detail || `, ${open?.holdTime ?? "unknown"} s`}`,
      };
    case 7:
      return {
        text: `${who} refuses the capabilities of ${whom}${detail}`,
        hint: "give both ends a family in common",
      };
    case 11:
      return {
        text: `${who} refuses the role of ${whom}${detail || `, ${open?.role ?? "none"}`}`,
        hint: "provider goes with customer, rs-server with rs-client, peer with peer (RFC 9234 §4.2)",
      };
    default:
      return { text: `${who} refuses the OPEN of ${whom} with NOTIFICATION 2/${subcode}${detail}` };
  }
}
