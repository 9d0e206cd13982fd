import type { Prefix } from "../net/prefix.ts";

/** What asks for the routes that a routing protocol of this name or number (`ip route help`) has in a router's tables. */
export function kernelCommands(protocol: string) {
  return (["-4", "-6"] as const).map(
    (family) => ["ip", family, "-json", "route", "show", "proto", protocol] as const,
  );
}

/** The interfaces of each prefix's route in a router's kernel. */
export type KernelTable = ReadonlyMap<string, readonly string[]>;

/** @param outputs of {@link kernelCommands}, in order */
export function readKernelTable([ipv4 = "", ipv6 = ""]: readonly string[]): KernelTable {
  return new Map([...kernelRoutes(ipv4, "0.0.0.0/0"), ...kernelRoutes(ipv6, "::/0")]);
}

/** What a router's kernel made of a route of BGP's, in the words of `RouteStatus`. */
export function kernelWords(
  table: KernelTable,
  { prefix, vias }: { prefix: Prefix; vias: readonly string[] },
): string {
  const used = table.get(prefix) ?? [];
  const same = used.length === vias.length && vias.every((via) => used.includes(via));
  return same ? "installed" : "not in the kernel's table";
}

interface KernelRoute {
  readonly dst: string;
  readonly dev?: string;
  /** In the place of `dev`, of a route that goes several ways. */
  readonly nexthops?: readonly { readonly dev?: string }[];
}

/** `ip` writes `default`, and host routes without their length. */
function kernelRoutes(output: string, everything: string): [string, readonly string[]][] {
  const routes = JSON.parse(output || "[]") as KernelRoute[];
  return routes.map(({ dst, nexthops, ...only }) => [
    dst === "default" ? everything : withLength(dst),
    (nexthops ?? [only]).flatMap(({ dev }) => dev ?? []),
  ]);
}

function withLength(dst: string): string {
  if (dst.includes("/")) return dst;
  return `${dst}/${dst.includes(":") ? 128 : 32}`;
}
