import type { SessionConfig } from "../../bgp/config/config.ts";
import { type Prefix, prefixFamily } from "../../net/prefix.ts";
import { formatCommunity, toldCommunities } from "../community.ts";
import type { Peer } from "../peers.ts";

type Direction = "import" | "export";

/** A policy of GoBGP's holds for all neighbors, so each session has its own, whose statements ask for the neighbor. */
export function policyName({ ifname }: SessionConfig, direction: Direction): string {
  return `${direction}-${ifname}`;
}

/** The definitions of the policies of one session, and of the sets that they ask for. */
export function gobgpPolicy(
  session: SessionConfig,
  { peer, internal }: { peer: Peer; internal: boolean },
): string[] {
  const { ifname, importPrefixes, exportPrefixes } = session;
  return [
    "[[defined-sets.neighbor-sets]]",
    `  neighbor-set-name = "${ifname}"`,
    `  neighbor-info-list = ["${peer.linkLocal}"]`,
    ...policy(session, {
      direction: "import",
      prefixes: importPrefixes,
      actions: preference(session),
    }),
    ...policy(session, {
      direction: "export",
      prefixes: exportPrefixes,
      actions: told(session, internal),
    }),
  ];
}

function preference({ localPref }: SessionConfig): string[] {
  return localPref === null ? [] : [`set-local-pref = ${localPref}`];
}

/** GoBGP's MED is a text, for it may be relative. Inside an AS it would leave the next hop as it is. */
function told(session: SessionConfig, internal: boolean): string[] {
  return [
    ...(internal ? ['set-next-hop = "self"', ...preference(session)] : []),
    ...(session.med === null ? [] : [`set-med = "${session.med}"`]),
  ];
}

interface Policy {
  readonly direction: Direction;
  /** Null for all. */
  readonly prefixes: readonly Prefix[] | null;
  readonly actions: readonly string[];
}

function policy(session: SessionConfig, { direction, prefixes, actions }: Policy): string[] {
  const name = policyName(session, direction);
  const communities = direction === "export" ? toldCommunities(session) : [];
  const rule = { name, neighbors: session.ifname, actions, communities };
  if (prefixes === null) {
    return ["[[policy-definitions]]", `  name = "${name}"`, ...accept(rule)];
  }
  // A set holds one family.
  const sets = ([4, 6] as const).flatMap((family) => {
    const own = prefixes.filter((prefix) => prefixFamily(prefix) === family);
    return own.length === 0 ? [] : [{ set: `${name}-ipv${family}`, prefixes: own }];
  });
  return [
    ...sets.flatMap(({ set, prefixes }) => [
      "[[defined-sets.prefix-sets]]",
      `  prefix-set-name = "${set}"`,
      ...prefixes.flatMap((prefix) => [
        "  [[defined-sets.prefix-sets.prefix-list]]",
        `    ip-prefix = "${prefix}"`,
      ]),
    ]),
    "[[policy-definitions]]",
    `  name = "${name}"`,
    ...sets.flatMap(({ set }) => accept({ ...rule, set })),
    ...statement({ name: `${name}-rest`, neighbors: session.ifname, disposition: "reject-route" }),
  ];
}

interface Rule {
  readonly name: string;
  readonly neighbors: string;
  readonly set?: string;
  readonly actions: readonly string[];
  readonly communities: readonly number[];
}

function accept({ name, neighbors, set, actions, communities }: Rule): string[] {
  const path = "policy-definitions.statements.actions.bgp-actions";
  const list = communities.map((value) => `"${formatCommunity(value)}"`).join(", ");
  return [
    ...statement({ name: set ?? name, neighbors, ...(set && { set }), disposition: "accept-route" }),
    ...(actions.length === 0 ? [] : [`    [${path}]`, ...actions.map((action) => `      ${action}`)]),
    ...(communities.length === 0
      ? []
      : [
          `    [${path}.set-community]`,
          '      options = "add"',
          `      [${path}.set-community.set-community-method]`,
          `        communities-list = [${list}]`,
        ]),
  ];
}

/** The first statement of which all conditions hold decides. */
function statement(about: {
  readonly name: string;
  readonly neighbors: string;
  readonly set?: string;
  readonly disposition: "accept-route" | "reject-route";
}): string[] {
  const { name, neighbors, set, disposition } = about;
  const path = "policy-definitions.statements";
  return [
    `  [[${path}]]`,
    `    name = "${name}"`,
    `    [${path}.conditions.match-neighbor-set]`,
    `      neighbor-set = "${neighbors}"`,
    ...(set ? [`    [${path}.conditions.match-prefix-set]`, `      prefix-set = "${set}"`] : []),
    `    [${path}.actions]`,
    `      route-disposition = "${disposition}"`,
  ];
}
