import { type Address, parseAddress } from "../../net/address.ts";
import { type Prefix, parsePrefix } from "../../net/prefix.ts";
import { type KernelTable, kernelWords, readKernelTable } from "../kernel-routes.ts";
import { originated, type Route } from "../route.ts";

/** A path of `show bgp ipv4 unicast json`, as far as it is read. */
interface BgpPath {
  readonly bestpath?: boolean;
  /** Used beside the best one. */
  readonly multipath?: boolean;
  readonly selectionReason?: string;
  /** The neighbor's address, `(unspec)` for what the router originates. */
  readonly peerId?: string;
  readonly path?: string;
  readonly nexthops?: readonly { readonly ip?: string; readonly used?: boolean }[];
}

interface Surroundings {
  /** Outputs of `ip -json route`, one a family. */
  readonly kernel: readonly string[];
  /** Interfaces by the address of the neighbor behind them. */
  readonly neighbors: ReadonlyMap<string, readonly string[]>;
}

/** The best routes. @param tables outputs of `show bgp ipv4 unicast json` and `show bgp ipv6 unicast json` */
export function readFrrRoutes(tables: readonly string[], { kernel, neighbors }: Surroundings): Route[] {
  const context = { table: readKernelTable(kernel), neighbors };
  return tables.flatMap((text) => {
    const { routes = {} } = JSON.parse(text) as { routes?: Record<string, readonly BgpPath[]> };
    return Object.entries(routes).flatMap(([network, paths]) => {
      const prefix = parsePrefix(network);
      const best = paths.find(({ bestpath }) => bestpath);
      if (typeof prefix !== "string" || best === undefined) return [];
      const others = paths.filter((path) => path.multipath && path !== best);
      return routeOf(prefix, [best, ...others], context);
    });
  });
}

function routeOf(
  prefix: Prefix,
  paths: readonly [best: BgpPath, ...others: BgpPath[]],
  { table, neighbors }: Pick<Surroundings, "neighbors"> & { readonly table: KernelTable },
): Route {
  const { peerId = "", path = "", selectionReason = "FRR's choice" } = paths[0];
  if (peerId === "(unspec)") return originated(prefix);
  const vias = interfacesOf(paths, { neighbors, used: table.get(prefix) ?? [] });
  const hops = paths.map((path, index) => ({ via: vias[index] ?? "", nextHop: nextHopOf(path) }));
  return {
    prefix,
    via: vias[0] ?? "",
    nextHop: nextHopOf(paths[0]),
    session: vias[0] ?? "",
    nextHops: hops.flatMap(({ via, nextHop }) => (nextHop === null ? [] : [{ via, nextHop }])),
    asPath: path,
    decidedBy: selectionReason,
    kernel: kernelWords(table, { prefix, vias }),
  };
}

/** bgpd does not say over which of its interfaces with that neighbor, but zebra has told the kernel. */
function interfacesOf(
  paths: readonly BgpPath[],
  { neighbors, used }: Pick<Surroundings, "neighbors"> & { readonly used: readonly string[] },
): string[] {
  const taken = new Set<string>();
  return paths.map(({ peerId = "" }) => {
    const candidates = (neighbors.get(peerId) ?? []).filter((ifname) => !taken.has(ifname));
    const via = candidates.find((ifname) => used.includes(ifname)) ?? candidates[0] ?? "";
    taken.add(via);
    return via;
  });
}

/** With a peer that tells a link-local address alone, FRR calls that global, and the one that it uses `::`. */
function nextHopOf({ nexthops = [] }: BgpPath): Address | null {
  const known = nexthops.filter(({ ip }) => ip !== "::");
  return parseAddress((known.find(({ used }) => used) ?? known[0])?.ip ?? "") ?? null;
}
