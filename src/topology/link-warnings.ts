import type { Role, Timers } from "../bgp/config/config.ts";
import type { ResolvedWire } from "./links.ts";
import { pairsOf } from "./pairs.ts";
import type { Mistake } from "./source.ts";
import type { LinkEnd, Router } from "./topology.ts";
import { locate, type Tree } from "./tree.ts";

/** What is surely wrong between the two ends of a link from which a session is expected. */
export function linkWarnings(
  tree: Tree,
  wires: readonly ResolvedWire[],
  routers: ReadonlyMap<string, Router>,
): Mistake[] {
  const pairs = wires.flatMap(({ ends, draft }) => pairsOf(ends).map((pair) => ({ ends: pair, draft })));
  return pairs.flatMap(({ ends, draft }) => {
    const [a, b] = [routers.get(ends[0].router), routers.get(ends[1].router)];
    if (!a || !b || (draft.body.expect ?? "established") !== "established") return [];
    const problems = [
      neverComesUp(ends, [a, b]),
      keepaliveProblem(ends[0], ends[1]),
      keepaliveProblem(ends[1], ends[0]),
    ];
    return problems.flatMap((problem): Mistake[] =>
      problem === undefined ? [] : [{ span: locate(tree, draft.path), ...problem }],
    );
  });
}

interface Problem {
  readonly message: string;
  readonly hint: string;
}

function neverComesUp(
  [near, far]: readonly [LinkEnd, LinkEnd],
  [a, b]: readonly [Router, Router],
): Problem | undefined {
  const names = `${a.name} and ${b.name}`;
  const [ours, theirs] = [near.session, far.session];
  const down = "if it must stay down, write expect: down";
  if (ours.md5Key !== theirs.md5Key) {
    return { message: `${names} have different md5 keys, and no session`, hint: down };
  }
  if (ours.passive && theirs.passive) {
    return { message: `${names} are both passive, and no session comes up`, hint: down };
  }
  const roles = ours.role !== null && theirs.role !== null && a.asn !== b.asn;
  if (roles && counterparts[ours.role] !== theirs.role) {
    const message = `${a.name} is ${ours.role} and ${b.name} ${theirs.role}, which do not go together (RFC 9234 §4.2)`;
    return { message, hint: down };
  }
  return strangerAt(near, b) ?? strangerAt(far, a);
}

const counterparts: Readonly<Record<Role, Role>> = {
  provider: "customer",
  customer: "provider",
  "rs-server": "rs-client",
  "rs-client": "rs-server",
  peer: "peer",
};

function strangerAt({ router, session }: LinkEnd, peer: Router): Problem | undefined {
  if (session.remoteId === null || session.remoteId === peer.routerId) return undefined;
  const message = `${router} wants a peer with router id ${session.remoteId}, and ${peer.name} has ${peer.routerId}`;
  return { message, hint: "if the session must stay down, write expect: down" };
}

/** RFC 4271 §4.4 asks for a third of the hold time: with more than half of it one keepalive that is late ends the session. */
function keepaliveProblem(near: LinkEnd, far: LinkEnd): Problem | undefined {
  const [own, peer] = [near.session.timers, far.session.timers];
  const hold = Math.min(own.holdTime, peer.holdTime);
  const keepalive = effectiveKeepalive(own, hold);
  if (hold === 0 || 2 * keepalive <= hold) return undefined;
  return {
    message: `${near.router} sends a keepalive each ${keepalive} s, too late for a hold time of ${hold} s if one is lost`,
    hint: `a third is usual: ${Math.floor(hold / 3)} s`,
  };
}

/** A hold time of the peer's that is smaller brings a third of itself. */
function effectiveKeepalive({ holdTime, keepaliveTime }: Timers, hold: number): number {
  return hold < holdTime ? Math.min(keepaliveTime, Math.floor(hold / 3)) : keepaliveTime;
}
