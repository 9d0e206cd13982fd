import { parseAddress } from "../../net/address.ts";
import { type Prefix, parsePrefix } from "../../net/prefix.ts";
import { formatAsPath } from "../as-path.ts";
import { learned, noTable, originated, type Route } from "../route.ts";

/** A path of `gobgp global rib -j`, as far as it is read. */
interface RibPath {
  readonly best?: boolean;
  /** Without its interface; not there for what the router originates. */
  readonly "neighbor-ip"?: string;
  readonly attrs?: readonly PathAttribute[];
}

interface PathAttribute {
  readonly type: number;
  readonly nexthop?: string;
  readonly as_paths?: readonly { readonly segment_type: number; readonly asns: readonly number[] }[];
}

const AS_PATH = 2;
const AS_SET = 1;

/** The best routes. @param ifnames interfaces by the address of the neighbor behind them */
export function readGobgpRoutes(tables: readonly string[], ifnames: ReadonlyMap<string, string>): Route[] {
  return tables.flatMap((text) =>
    Object.entries(JSON.parse(text) as Record<string, readonly RibPath[]>).flatMap(([network, paths]) => {
      const prefix = parsePrefix(network);
      const best = paths.find(({ best }) => best);
      return typeof prefix !== "string" || best === undefined ? [] : routeOf(prefix, best, ifnames);
    }),
  );
}

function routeOf(prefix: Prefix, best: RibPath, ifnames: ReadonlyMap<string, string>): Route {
  const neighbor = best["neighbor-ip"];
  if (neighbor === undefined) return originated(prefix);
  const attributes = best.attrs ?? [];
  const nextHop = attributes.find(({ nexthop }) => nexthop !== undefined)?.nexthop ?? "";
  const segments = attributes.find(({ type }) => type === AS_PATH)?.as_paths ?? [];
  return learned({
    prefix,
    via: ifnames.get(neighbor) ?? neighbor,
    nextHop: parseAddress(nextHop) ?? null,
    asPath: formatAsPath(segments.map((part) => ({ set: part.segment_type === AS_SET, asns: part.asns }))),
    decidedBy: "GoBGP's choice",
    kernel: noTable,
  });
}
