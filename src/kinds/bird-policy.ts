import type { SessionConfig } from "../bgp/config/config.ts";
import type { Family } from "../net/address.ts";
import { type Prefix, prefixFamily } from "../net/prefix.ts";
import { toldCommunities } from "./community.ts";

const routed = "source ~ [ RTS_STATIC, RTS_BGP ]";

const addPaths = { receive: "rx", send: "tx", both: "on" } as const;

/**
 * What a channel of BIRD's takes and tells, and what it sets in that.
 *
 * The next hop is always our own, and said outright: with `next hop self` BIRD tells `::` and a link-local address, of which GoBGP and
 * OpenBGPD take the first.
 */
export function birdPolicy(
  session: SessionConfig,
  { family, internal }: { family: Family; internal: boolean },
): string {
  const { importPrefixes, exportPrefixes, linkLocal, localPref, med } = session;
  const preference = localPref === null ? [] : [`bgp_local_pref = ${localPref};`];
  const told = [
    `bgp_next_hop = ${linkLocal};`,
    ...(internal ? preference : []),
    ...(med === null ? [] : [`bgp_med = ${med};`]),
    ...toldCommunities(session).map((value) => `bgp_community.add((${value >>> 16},${value & 0xffff}));`),
  ];
  const taken = rule({ prefixes: importPrefixes, family }, preference);
  const words = [
    `import ${taken};`,
    `export ${rule({ prefixes: exportPrefixes, family, routed }, told)};`,
    ...(session.addPath === "off" ? [] : [`add paths ${addPaths[session.addPath]};`]),
    ...(session.prefixLimit === null ? [] : [`import limit ${session.prefixLimit} action restart;`]),
  ];
  return words.join(" ");
}

interface Passing {
  /** Null for all. */
  readonly prefixes: readonly Prefix[] | null;
  readonly family: Family;
  readonly routed?: string;
}

/** What passes, and what is done to it. */
function rule({ prefixes, family, routed }: Passing, actions: readonly string[]): string {
  const own = prefixes?.filter((prefix) => prefixFamily(prefix) === family);
  // BIRD has no empty set of prefixes.
  if (own?.length === 0) return "none";
  const conditions = [routed, own && `net ~ [ ${own.join(", ")} ]`].filter((each) => each !== undefined);
  const condition = conditions.join(" && ");
  if (actions.length === 0) return condition === "" ? "all" : `where ${condition}`;
  const unless = condition === "" ? [] : [`if !(${condition}) then reject;`];
  return `filter { ${[...unless, ...actions, "accept;"].join(" ")} }`;
}
