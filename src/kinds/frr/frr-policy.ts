import type { SessionConfig } from "../../bgp/config/config.ts";
import type { Family } from "../../net/address.ts";
import { type Prefix, prefixFamily } from "../../net/prefix.ts";
import { formatCommunity, toldCommunities } from "../community.ts";

type Direction = "in" | "out";

const directions: readonly Direction[] = ["in", "out"];

/** One route map for each direction of a session, family and name of the interface. */
interface RouteMap {
  /** Null for all. */
  readonly prefixes: readonly Prefix[] | null;
  readonly actions: readonly string[];
}

/** The definitions of all that {@link applyPolicy} names. */
export function definePolicy(session: SessionConfig, { internal }: { internal: boolean }): string[] {
  return session.families.flatMap((family) =>
    directions.flatMap((direction) => {
      const map = routeMap(session, { direction, internal });
      return map === undefined ? [] : define(map, { family, name: nameOf(session, { family, direction }) });
    }),
  );
}

/** What a neighbor of an address family is told about its policy. */
export function applyPolicy(
  session: SessionConfig,
  { family, internal }: { family: Family; internal: boolean },
): string[] {
  return directions.flatMap((direction) =>
    routeMap(session, { direction, internal }) === undefined
      ? []
      : [`  neighbor ${session.ifname} route-map ${nameOf(session, { family, direction })} ${direction}`],
  );
}

function nameOf({ ifname }: SessionConfig, { family, direction }: { family: Family; direction: Direction }) {
  return `${ifname}-ipv${family}-${direction}`;
}

function routeMap(
  session: SessionConfig,
  { direction, internal }: { direction: Direction; internal: boolean },
): RouteMap | undefined {
  const { importPrefixes, exportPrefixes, localPref, med } = session;
  const communities = toldCommunities(session);
  const prefixes = direction === "in" ? importPrefixes : exportPrefixes;
  const told = direction === "out";
  const actions = [
    ...(localPref === null || (told && !internal) ? [] : [`set local-preference ${localPref}`]),
    ...(med === null || !told ? [] : [`set metric ${med}`]),
    ...(communities.length === 0 || !told
      ? []
      : [`set community ${communities.map(formatCommunity).join(" ")} additive`]),
  ];
  return prefixes === null && actions.length === 0 ? undefined : { prefixes, actions };
}

function define(
  { prefixes, actions }: RouteMap,
  { family, name }: { family: Family; name: string },
): string[] {
  const ip = family === 4 ? "ip" : "ipv6";
  const own = prefixes?.filter((prefix) => prefixFamily(prefix) === family);
  // A list without a word would let all through.
  const lines = own?.map((prefix) => `permit ${prefix}`) ?? [];
  const list = own?.length === 0 ? ["deny any"] : lines;
  return [
    ...list.map((rule) => `${ip} prefix-list ${name} ${rule}`),
    `route-map ${name} permit 10`,
    ...(own === undefined ? [] : [` match ${ip} address prefix-list ${name}`]),
    ...actions.map((action) => ` ${action}`),
    "exit",
  ];
}
