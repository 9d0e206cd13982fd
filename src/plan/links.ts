import { formatEndpoint } from "../net/endpoint.ts";
import type { Topology, WireEnd } from "../topology/topology.ts";
import { bridgesMember } from "./far-end.ts";
import { hostLinkAddresses, plain } from "./hosts.ts";
import type { InterfaceAddress, LinkEndPlan, Plan } from "./plan.ts";

/** Below it may be interfaces that the kernel makes in each new namespace, such as `tunl0`. */
export const firstIfindex = 100;

/** Nobody but the kernel sees ports' numbers, so they only have to be others than those of the ends. */
export const firstPort = 1_000_000;

/** Every link with all its numbers and addresses, those of hosts last, and every shared one. */
export function planLinks(topology: Topology): Pick<Plan, "links" | "segments"> {
  const { name: lab, routers, hosts, segments } = topology;
  const links = topology.links.filter(({ segment }) => segment === null);
  const linkLocals = new Map([...routers, ...hosts].map(({ name, linkLocal }) => [name, linkLocal]));
  const wires = [
    ...links.map((wire) => ({ wire, addresses: [undefined, undefined] })),
    ...hosts.map((host) => ({ wire: host.wire, addresses: hostLinkAddresses(host) })),
  ];
  const all = [...wires.map(({ wire }) => wire), ...segments];
  const ifindexOf = numberInterfaces(all.flatMap(({ ends }): readonly WireEnd[] => ends));
  const planEnd = (end: WireEnd, number: number, addresses?: readonly InterfaceAddress[]): LinkEndPlan => {
    const linkLocal = linkLocals.get(end.router);
    if (linkLocal === undefined) throw new RangeError(`no router is called ${end.router}`);
    const { router, ifname, mac = macFromNumber(number) } = end;
    const given = (["ifindex", "mac"] as const).filter((key) => end[key] !== undefined);
    return {
      router,
      ifname,
      ifindex: ifindexOf(end),
      mac,
      ...(given.length > 0 && { given }),
      linkLocal,
      ...(addresses && { addresses }),
    };
  };
  let number = 2 * wires.length;
  let port = firstPort;
  return {
    links: wires.map(({ wire: { ends, mtu, conditions }, addresses }, index) => ({
      ends: [planEnd(ends[0], 2 * index + 1, addresses[0]), planEnd(ends[1], 2 * index + 2, addresses[1])],
      mtu,
      ...(conditions && { conditions }),
    })),
    segments: segments.map(({ ends, mtu, conditions }, index) => ({
      netns: `fe80.${lab}.${bridgesMember}`,
      ...(routers.every(({ container }) => container) && { container: plain }),
      bridge: bridgeName(index + 1),
      ends: ends.map((end, place) => ({
        ...planEnd(end, ++number),
        port: { ifname: portName(bridgeName(index + 1), place), ifindex: port++ },
      })),
      mtu,
      ...(conditions && { conditions }),
    })),
  };
}

/** The ends of all links, in their order. */
export function endsOf({ links, segments }: Pick<Plan, "links" | "segments">): readonly LinkEndPlan[] {
  return [...links, ...segments].flatMap(({ ends }): readonly LinkEndPlan[] => ends);
}

/** @param number from 1 on */
export const bridgeName = (number: number) => `lan${number}`;

/** @param number from 0 on */
export const portName = (bridge: string, number: number) => `${bridge}-${number}`;

/**
 * Gives each interface without a number the next that nobody in the lab has.
 *
 * The kernel tells a carrier that goes at once only where the two ends of a pair have different numbers
 * (`linkwatch_urgent_event`), up to a second late where they are equal. And it makes links faster when told.
 */
function numberInterfaces(ends: readonly WireEnd[]): (end: WireEnd) => number {
  const taken = new Set(ends.map(({ ifindex }) => ifindex));
  const given = new Map<string, number>();
  let next = firstIfindex;
  for (const end of ends.filter(({ ifindex }) => ifindex === undefined)) {
    while (taken.has(next)) next++;
    given.set(formatEndpoint(end), next++);
  }
  return (end) => end.ifindex ?? given.get(formatEndpoint(end)) ?? firstIfindex;
}

/** A locally administered unicast address, `02:fe:80:…`. @throws {RangeError} beyond 24 bits */
export function macFromNumber(value: number): string {
  if (value > 0xff_ffff) throw new RangeError("a lab has at most 8388607 links");
  const octets = [0x02, 0xfe, 0x80, value >>> 16, (value >>> 8) & 0xff, value & 0xff];
  return octets.map((octet) => octet.toString(16).padStart(2, "0")).join(":");
}
