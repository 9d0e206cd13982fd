import { parseAddress } from "../../net/address.ts";
import { type Prefix, parsePrefix } from "../../net/prefix.ts";
import { type KernelTable, kernelWords, readKernelTable } from "../kernel-routes.ts";
import { originated, type Route } from "../route.ts";

/** A path of `show bgp ipv4 unicast json`, as far as it is read. */
interface BgpPath {
  readonly bestpath?: boolean;
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
      return typeof prefix !== "string" || best === undefined ? [] : routeOf(prefix, best, context);
    });
  });
}

function routeOf(
  prefix: Prefix,
  best: BgpPath,
  { table, neighbors }: Pick<Surroundings, "neighbors"> & { readonly table: KernelTable },
): Route {
  const { peerId = "", path = "", nexthops = [], selectionReason = "FRR's choice" } = best;
  if (peerId === "(unspec)") return originated(prefix);
  const nextHop = nexthops.find(({ used }) => used)?.ip ?? "";
  // bgpd does not say over which of its interfaces with that neighbor, but zebra has told the kernel.
  const candidates = neighbors.get(peerId) ?? [];
  const via = candidates.find((ifname) => ifname === table.get(prefix)) ?? candidates[0] ?? "";
  return {
    prefix,
    via,
    nextHop: parseAddress(nextHop) ?? null,
    asPath: path,
    decidedBy: selectionReason,
    kernel: kernelWords(table, { prefix, via }),
  };
}
