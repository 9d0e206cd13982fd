import { readFileSync } from "node:fs";

/** The one table of IPv6 neighbors that all namespaces of a machine share. */
export interface NeighborTable {
  /** Those of all kinds; not all count against the limit. */
  readonly entries: number;
  /** `net.ipv6.neigh.default.gc_thresh3`: more than so many that the kernel finds out itself there are not. */
  readonly limit: number;
  /** How often another one was refused since the machine was started: `Neighbour table overflow` in the kernel's log. */
  readonly refused: number;
}

/** Looks at it; undefined where it cannot be seen, as from any namespace but the machine's own. */
export function readNeighborTable(): NeighborTable | undefined {
  try {
    const limit = Number(readFileSync("/proc/sys/net/ipv6/neigh/default/gc_thresh3", "utf8"));
    return { ...parseNeighborStatistics(readFileSync("/proc/net/stat/ndisc_cache", "utf8")), limit };
  } catch {
    return undefined;
  }
}

/** @param text a line of names, and for each processor one of hexadecimal numbers, of which `entries` is that of the machine */
export function parseNeighborStatistics(text: string): Pick<NeighborTable, "entries" | "refused"> {
  const [names = [], ...processors] = text
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  const values = (name: string) =>
    processors.map((fields) => Number.parseInt(fields[names.indexOf(name)] ?? "0", 16));
  return {
    entries: Math.max(0, ...values("entries")),
    refused: values("table_fulls").reduce((sum, value) => sum + value, 0),
  };
}
