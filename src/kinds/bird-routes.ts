import type { RouteStatus } from "../bgp/control/status.ts";
import { parseAddress } from "../net/address.ts";
import { type Prefix, parsePrefix } from "../net/prefix.ts";

/** A route as one router knows it. */
type Route = Omit<RouteStatus, "router">;

/**
 * The best routes out of `show route all primary`, each with what the kernel made of it.
 *
 * @param kernel outputs of `ip -json route show proto bird`, one a family
 */
export function readBirdRoutes(output: string, kernel: readonly string[]): Route[] {
  const [ipv4 = "", ipv6 = ""] = kernel;
  const installed = new Set([...kernelRoutes(ipv4, "0.0.0.0/0"), ...kernelRoutes(ipv6, "::/0")]);
  return output.split(/\n(?=\S)/).flatMap((text) => {
    const [, network = "", type] = /^(\S+)\s+(unicast|blackhole) \[/.exec(text) ?? [];
    const prefix = parsePrefix(network);
    if (typeof prefix !== "string") return [];
    return type === "blackhole" ? originated(prefix) : learned(prefix, { text, installed });
  });
}

function originated(prefix: Prefix): Route {
  return {
    prefix,
    via: null,
    nextHop: null,
    session: null,
    nextHops: [],
    asPath: "",
    decidedBy: "originated here",
    kernel: "connected",
  };
}

function learned(
  prefix: Prefix,
  { text, installed }: { text: string; installed: ReadonlySet<string> },
): Route {
  const [, host = "", via = ""] = /^\tvia (\S+) on (\S+)/m.exec(text) ?? [];
  const nextHop = parseAddress(host) ?? null;
  const [, asPath = ""] = /^\tBGP\.as_path: (.*)$/m.exec(text) ?? [];
  return {
    prefix,
    via,
    nextHop,
    session: via,
    nextHops: nextHop === null ? [] : [{ via, nextHop }],
    asPath: asPath.trim(),
    decidedBy: "BIRD's choice",
    kernel: installed.has(`${prefix} ${via}`) ? "installed" : "not in the kernel's table",
  };
}

/** Prefix and interface of each route, as one text. `ip` writes `default`, and host routes without their length. */
function kernelRoutes(output: string, everything: string): string[] {
  const routes = JSON.parse(output || "[]") as { dst: string; dev?: string }[];
  return routes.map(({ dst, dev }) => `${dst === "default" ? everything : withLength(dst)} ${dev}`);
}

function withLength(dst: string): string {
  if (dst.includes("/")) return dst;
  return `${dst}/${dst.includes(":") ? 128 : 32}`;
}
