import { type Address, addressOctets } from "../../net/address.ts";
import { formatPrefix, type Prefix, prefixParts } from "../../net/prefix.ts";
import { farEnd } from "../../plan/far-end.ts";
import type { Plan } from "../../plan/plan.ts";
import { ownerOf, pingsOf } from "../expect/ping-check.ts";

/** A route of a router's. */
export interface RouteTarget {
  readonly router: string;
  readonly prefix: Prefix;
}

/** The routes that an echo request and its answer need at the routers where their ways begin. */
export function pingRoutes(plan: Plan, { router, to }: { router: string; to: string }): RouteTarget[] {
  return pingsOf(plan, { router, to }).flatMap(({ source, target }) => {
    const owner = ownerOf(plan, target);
    return [
      ...routeFrom(plan, router, target),
      ...(owner === undefined ? [] : routeFrom(plan, owner, source)),
    ];
  });
}

function routeFrom(plan: Plan, member: string, address: Address): RouteTarget[] {
  const prefix = originatedAround(plan, address);
  const router = routerOf(plan, member);
  return prefix === undefined || router === undefined ? [] : [{ router, prefix }];
}

/** The longest prefix with an address in it that somebody originates. */
function originatedAround({ nodes }: Plan, address: Address): Prefix | undefined {
  const octets = addressOctets(address);
  return nodes
    .flatMap(({ router }) => router.originate)
    .filter((prefix) => prefixParts(prefix).octets.length === octets.length)
    .filter((prefix) => formatPrefix(octets, prefixParts(prefix).length) === prefix)
    .toSorted((a, b) => prefixParts(b).length - prefixParts(a).length)[0];
}

/** A router itself, or that of a host. */
function routerOf(plan: Plan, member: string): string | undefined {
  const host = plan.hosts.find(({ name }) => name === member);
  return host ? farEnd(plan, { router: host.name, ifname: host.ifname })?.router : member;
}
