import { formatEndpoint } from "../net/endpoint.ts";
import type { Link, LinkEnd, Topology } from "../topology/topology.ts";
import type { LinkEndPlan, LinkPlan } from "./plan.ts";

/** Below it may be interfaces that the kernel makes in each new namespace, such as `tunl0`. */
const firstIfindex = 100;

/** Every link with all its numbers and addresses. */
export function planLinks({ routers, links }: Topology): LinkPlan[] {
  const linkLocals = new Map(routers.map(({ name, linkLocal }) => [name, linkLocal]));
  const ifindexOf = numberInterfaces(links);
  const planEnd = (end: LinkEnd, number: number): LinkEndPlan => {
    const linkLocal = linkLocals.get(end.router);
    if (linkLocal === undefined) throw new RangeError(`no router is called ${end.router}`);
    const { router, ifname } = end;
    return { router, ifname, ifindex: ifindexOf(end), mac: macFromNumber(number), linkLocal };
  };
  return links.map(({ ends: [a, b], mtu }, index) => ({
    ends: [planEnd(a, 2 * index + 1), planEnd(b, 2 * index + 2)],
    mtu,
  }));
}

/**
 * Gives each interface without a number the next that is free in its router.
 *
 * The kernel could, but might then take one that a later link asks for; and it is faster when told.
 */
function numberInterfaces(links: readonly Link[]): (end: LinkEnd) => number {
  const taken = new Set(
    links.flatMap(({ ends }) => ends.map(({ router, ifindex }) => `${router} ${ifindex}`)),
  );
  const next = new Map<string, number>();
  const given = new Map<string, number>();
  for (const end of links.flatMap(({ ends }) => ends)) {
    if (end.ifindex !== undefined) continue;
    let ifindex = next.get(end.router) ?? firstIfindex;
    while (taken.has(`${end.router} ${ifindex}`)) ifindex++;
    next.set(end.router, ifindex + 1);
    given.set(formatEndpoint(end), ifindex);
  }
  return (end) => end.ifindex ?? given.get(formatEndpoint(end)) ?? firstIfindex;
}

/** A locally administered unicast address, `02:fe:80:…`. @throws {RangeError} beyond 24 bits */
function macFromNumber(value: number): string {
  if (value > 0xff_ffff) throw new RangeError("a lab has at most 8388607 links");
  const octets = [0x02, 0xfe, 0x80, value >>> 16, (value >>> 8) & 0xff, value & 0xff];
  return octets.map((octet) => octet.toString(16).padStart(2, "0")).join(":");
}
