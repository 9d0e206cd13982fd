import type { Prefix } from "../net/prefix.ts";

/** What asks for the routes that a routing protocol of this name or number (`ip route help`) has in a namespace's tables. */
export function kernelCommands(netns: string, protocol: string) {
  return (["-4", "-6"] as const).map(
    (family) => ["ip", family, "-netns", netns, "-json", "route", "show", "proto", protocol] as const,
  );
}

/** The interface of each prefix's route in a router's kernel. */
export type KernelTable = ReadonlyMap<string, string | undefined>;

/** @param outputs of {@link kernelCommands}, in order */
export function readKernelTable([ipv4 = "", ipv6 = ""]: readonly string[]): KernelTable {
  return new Map([...kernelRoutes(ipv4, "0.0.0.0/0"), ...kernelRoutes(ipv6, "::/0")]);
}

/** What a router's kernel made of a route of BGP's, in the words of `RouteStatus`. */
export function kernelWords(table: KernelTable, { prefix, via }: { prefix: Prefix; via: string }): string {
  return table.get(prefix) === via ? "installed" : "not in the kernel's table";
}

/** `ip` writes `default`, and host routes without their length. */
function kernelRoutes(output: string, everything: string): [string, string | undefined][] {
  const routes = JSON.parse(output || "[]") as { dst: string; dev?: string }[];
  return routes.map(({ dst, dev }) => [dst === "default" ? everything : withLength(dst), dev]);
}

function withLength(dst: string): string {
  if (dst.includes("/")) return dst;
  return `${dst}/${dst.includes(":") ? 128 : 32}`;
}
