import type { RouterConfig, SessionConfig } from "../../bgp/config/config.ts";
import type { RouteDetail } from "../../bgp/control/route-detail.ts";
import type { SessionStatus } from "../../bgp/control/status.ts";
import { evaluate } from "../../bgp/policy/evaluate.ts";
import { formatCommunity } from "../../bgp/wire/community-text.ts";
import { prefixFamily, prefixParts } from "../../net/prefix.ts";
import { sessionName } from "../../net/session-name.ts";

/** A best route that one peer is not told of. */
export interface Untold {
  readonly route: RouteDetail;
  readonly router: RouterConfig;
  readonly session: SessionConfig;
  readonly status: SessionStatus;
}

/** Why a router does not tell a peer of its best route, as what follows its name in a sentence; undefined if nothing forbids it. */
export function whyUntold(untold: Untold): string | undefined {
  for (const reason of reasons) {
    const why = reason(untold);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** In the order of `bgp/rib/export.ts`. */
const reasons: readonly ((untold: Untold) => string | undefined)[] = [
  ({ route, session }) =>
    route.peer?.session === sessionName(session)
      ? "has it from that very peer, and does not tell it back"
      : undefined,
  ({ route: { prefix }, status }) => {
    const family = prefixFamily(prefix);
    return status.families.includes(family)
      ? undefined
      : `does not exchange IPv${family} prefixes on this session`;
  },
  ({ route, session }) =>
    session.exportPrefixes?.includes(route.prefix) === false
      ? "does not have it in export-prefixes"
      : undefined,
  whyCommunity,
  whyInternal,
  ({ session, ...rest }) =>
    session.requirePolicy && session.exportPolicy === null && isExternal(rest)
      ? "has no export policy, and tells nothing without one (RFC 8212)"
      : undefined,
  whyPolicy,
  ({ route, ...rest }) =>
    route.peer && route.nextHop === null && isExternal(rest)
      ? "drops packets to it, and tells nobody of it (RFC 7999)"
      : undefined,
  whyLeak,
];

const isExternal = ({ router, status }: Pick<Untold, "router" | "status">) => status.peerAsn !== router.asn;

/** RFC 1997. */
function whyCommunity({ route, ...rest }: Untold): string | undefined {
  const names = (route.attributes.communities ?? []).map(formatCommunity);
  const barriers = isExternal(rest) ? ["no-advertise", "no-export", "no-export-subconfed"] : ["no-advertise"];
  const found = names.find((name) => barriers.includes(name));
  return found && `keeps it back, for it has the community ${found}`;
}

/** RFC 4271 §9.2, RFC 4456 §6. */
function whyInternal({ route: { peer }, router, session, status }: Untold): string | undefined {
  if (!peer || peer.asn !== router.asn || isExternal({ router, status })) return undefined;
  const told = router.sessions.find((each) => sessionName(each) === peer.session);
  if (session.routeReflectorClient || told?.routeReflectorClient) return undefined;
  return "has it from its own AS, and does not tell it inside that without being a route reflector";
}

function whyPolicy({ route, router, session }: Untold): string | undefined {
  const { exportPolicy: name } = session;
  const rules = name === null ? undefined : router.policies[name];
  if (name === null || !rules) return undefined;
  const { octets: network, length } = prefixParts(route.prefix);
  const { unknown: _, ...attributes } = route.attributes;
  const from = route.peer ?? undefined;
  const verdict = evaluate(
    { name, rules },
    { network, length, attributes, nextHop: undefined, from },
    router.asn,
  );
  return verdict.type === "rejected" ? `rejects it on its way out: ${verdict.by}` : undefined;
}

/** RFC 9234 §5. */
function whyLeak({ route, session: { role }, ...rest }: Untold): string | undefined {
  if (route.attributes.onlyToCustomer === undefined || !isExternal(rest)) return undefined;
  const isUpward = role === "customer" || role === "peer" || role === "rs-client";
  return isUpward ? `would leak it: it is for customers only, and here it is ${role} (RFC 9234)` : undefined;
}
