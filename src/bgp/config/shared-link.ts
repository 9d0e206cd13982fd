import * as v from "valibot";
import { sessionName } from "../../net/session-name.ts";
import type { SessionConfig } from "./config.ts";
import { quote, withHint } from "./message.ts";

/** What belongs to an interface rather than to one of its sessions, so that all of them have the same. */
const ofInterface = ["linkLocal", "md5Key", "minHopLimit", "routerLifetime"] as const;

type Placed = Pick<SessionConfig, "ifname" | "peer" | (typeof ofInterface)[number]>;

/** Sessions of one router have names of their own, and those of one interface fit together. */
export function fittingSessions<S extends Placed>(): v.RawCheckAction<S[]> {
  return v.rawCheck(({ dataset, addIssue }) => {
    const input = dataset.value as S[];
    if (!Array.isArray(input)) return;
    const byIfname = new Map<string, [number, ...number[]]>();
    for (const [index, item] of input.entries()) {
      // What is no session is another mistake.
      if (typeof item?.ifname !== "string") continue;
      const others = byIfname.get(item.ifname);
      const message =
        others?.map((other) => misfit(item, input[other] as S, other)).find(Boolean) ?? ownPeer(item);
      if (others) others.push(index);
      else byIfname.set(item.ifname, [index]);
      if (message !== undefined) {
        addIssue({ message, path: [{ type: "array", origin: "value", input, key: index, value: item }] });
      }
    }
  });
}

/** Why two sessions cannot be on one interface, in the form of `withHint`; undefined if they can. @param place of the other */
function misfit(session: Placed, other: Placed, place: number): string | undefined {
  if (session.peer === other.peer) return `${quote(sessionName(session))} is there already, at [${place}]`;
  if (session.peer === null || other.peer === null) {
    return withHint(
      `${session.ifname} has another session, at [${place}], and only one of the two is told its peer`,
      "on a shared link each session has a peer",
    );
  }
  return disagreement(session, other);
}

/** Why a session cannot be like this beside another one of its interface; undefined if it can. */
function disagreement(session: Placed, other: Placed): string | undefined {
  const field = ofInterface.find((key) => session[key] !== other[key]);
  if (field === undefined) return undefined;
  return withHint(
    `${field} is not that of ${sessionName(other)}, which is on the same interface`,
    "it is one for all sessions of an interface",
  );
}

function ownPeer({ peer, linkLocal }: Placed): string | undefined {
  return peer !== null && peer === linkLocal ? `${peer} is the router's own address` : undefined;
}
