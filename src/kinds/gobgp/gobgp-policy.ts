import type { RouterConfig, SessionConfig } from "../../bgp/config/config.ts";
import type { Rule } from "../../bgp/policy/policy.ts";
import type { Family } from "../../net/address.ts";
import { type Peer, peerAsn } from "../peers.ts";
import { isForAll, sessionRules } from "../session-rules.ts";
import { gobgpSteps } from "./gobgp-actions.ts";
import { gobgpConditions } from "./gobgp-match.ts";

type Direction = "import" | "export";

/** A policy of GoBGP's holds for all neighbors, so each session has its own, whose statements ask for the neighbor. */
export function policyName({ ifname }: SessionConfig, direction: Direction): string {
  return `${direction}-${ifname}`;
}

/** The definitions of the policies of one session, and of the sets that they ask for. */
export function gobgpPolicy(
  session: SessionConfig,
  { router, peer }: { router: RouterConfig; peer: Peer },
): string[] {
  const parts = (["import", "export"] as const).map((direction) => {
    const name = policyName(session, direction);
    const statements = session.families.flatMap((family) => {
      const rules = sessionRules(router, session, { direction, family, peer });
      const internal = peerAsn(session, { own: router.asn, peer }) === router.asn;
      // Inside an AS it would leave the next hop as it is.
      const always = direction === "export" && internal ? ['set-next-hop = "self"'] : [];
      // It has put its own AS in front of what it tells another one before it looks.
      const front = direction === "export" && !internal ? router.asn : undefined;
      const about = { name: `${name}-ipv${family}`, session, family, asn: router.asn, always, front };
      return statementsOf(rules, about);
    });
    return {
      sets: statements.flatMap(({ sets }) => sets),
      policy: ["[[policy-definitions]]", `  name = "${name}"`, ...statements.flatMap(({ lines }) => lines)],
    };
  });
  return [
    "[[defined-sets.neighbor-sets]]",
    `  neighbor-set-name = "${session.ifname}"`,
    `  neighbor-info-list = ["${peer.linkLocal}"]`,
    ...parts.flatMap(({ sets }) => sets),
    ...parts.flatMap(({ policy }) => policy),
  ];
}

interface About {
  /** What the names of statements begin with. */
  readonly name: string;
  readonly session: SessionConfig;
  readonly family: Family;
  readonly asn: RouterConfig["asn"];
  /** Actions of all that is accepted. */
  readonly always: readonly string[];
  /** What AS paths begin with that is not of the route. */
  readonly front: RouterConfig["asn"] | undefined;
}

interface Statement {
  readonly sets: readonly string[];
  readonly lines: readonly string[];
}

/** What none of them decides on would be accepted. */
function statementsOf(rules: readonly Rule[], about: About): Statement[] {
  const isDecided = rules.slice(-1).some(isForAll);
  const rest: Rule[] = isDecided ? [] : [{ match: {}, set: {}, action: "reject" }];
  return [...rules, ...rest].flatMap((rule, index) => statements(rule, `${about.name}-${index + 1}`, about));
}

function statements({ match, set, action }: Rule, name: string, about: About): Statement[] {
  const { family, session, always, asn, front } = about;
  const { sets, lines: conditions } = gobgpConditions(match, { name, family, front });
  const steps = gobgpSteps(set, { asn, always: action === "accept" ? always : [] });
  const path = "policy-definitions.statements";
  return steps.map((actions, index) => {
    const isLast = index === steps.length - 1;
    const decides = isLast && action !== "next";
    return {
      sets: isLast ? sets : [],
      lines: [
        `  [[${path}]]`,
        `    name = "${isLast ? name : `${name}-first`}"`,
        `    [${path}.conditions.match-neighbor-set]`,
        `      neighbor-set = "${session.ifname}"`,
        ...conditions,
        ...(decides ? [`    [${path}.actions]`, `      route-disposition = "${action}-route"`] : []),
        ...actions,
      ],
    };
  });
}
