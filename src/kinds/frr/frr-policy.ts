import type { RouterConfig, SessionConfig } from "../../bgp/config/config.ts";
import type { Rule } from "../../bgp/policy/policy.ts";
import type { Family } from "../../net/address.ts";
import { type Peer, peerAsn } from "../peers.ts";
import { letsAllPass, sessionRules } from "../session-rules.ts";
import { frrChanges } from "./frr-changes.ts";
import { frrConditions } from "./frr-match.ts";

const directions = ["import", "export"] as const;

/** What FRR is told about the policies of a session, one route map for each direction and family. */
export interface FrrPolicy {
  /** What the neighbor is told, by family. */
  readonly applied: Readonly<Record<Family, readonly string[]>>;
  /** The route maps, and the lists that these ask for. */
  readonly defined: readonly string[];
}

/** The policies of one session in FRR's words. */
export function frrPolicy(
  session: SessionConfig,
  { router, peer }: { router: RouterConfig; peer: Peer },
): FrrPolicy {
  const maps = session.families.flatMap((family) =>
    directions.flatMap((direction) => {
      const rules = sessionRules(router, preferring(session, { router, peer, direction }), {
        direction,
        family,
        peer,
      });
      const way = direction === "import" ? "in" : "out";
      const name = `${session.ifname}-ipv${family}-${way}`;
      return letsAllPass(rules) ? [] : [{ family, way, name, rules }];
    }),
  );
  const applied = (own: Family) =>
    maps
      .filter(({ family }) => family === own)
      .map(({ way, name }) => `  neighbor ${session.ifname} route-map ${name} ${way}`);
  return {
    applied: { 4: applied(4), 6: applied(6) },
    defined: maps.flatMap((map) => routeMap(map.rules, { ...map, router })),
  };
}

/** LOCAL_PREF of a route that has none, which FRR's route maps take for 0. */
const defaultLocalPref = 100;

/** A session that gives a LOCAL_PREF to all that comes from another AS, if any policy asks for it. */
function preferring(
  session: SessionConfig,
  { router, peer, direction }: { router: RouterConfig; peer: Peer; direction: "import" | "export" },
): SessionConfig {
  const asks = Object.values(router.policies).some((rules) => rules.some(({ match }) => match.localPref));
  const external = peerAsn(session, { own: router.asn, peer }) !== router.asn;
  if (!asks || !external || direction === "export" || session.localPref !== null) return session;
  return { ...session, localPref: defaultLocalPref };
}

function routeMap(
  rules: readonly Rule[],
  { name, family, router }: { name: string; family: Family; router: RouterConfig },
): string[] {
  if (rules.length === 0) return [`route-map ${name} deny 10`, "exit"];
  return rules.flatMap(({ match, set, action }, index) => {
    const place = 10 * (index + 1);
    const lists = { name: `${name}-${place}`, family };
    const [conditions, changes] = [
      frrConditions(match, lists),
      frrChanges(set, { ...lists, asn: router.asn }),
    ];
    return [
      ...conditions.defined,
      ...changes.defined,
      `route-map ${name} ${action === "reject" ? "deny" : "permit"} ${place}`,
      ...[...conditions.words, ...changes.words].map((words) => ` ${words}`),
      ...(action === "next" ? [" on-match next"] : []),
      "exit",
    ];
  });
}
