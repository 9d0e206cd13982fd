import { targetKey } from "../bgp/speaker/targets.ts";
import { type Endpoint, formatEndpoint } from "../net/endpoint.ts";
import type { SimulatedLab } from "./simulated-lab.ts";
import type { Port, Wire } from "./wire.ts";

/** What must have been true all along. */
export function problemsOnTheWay({ sessions, collisions, routes, errors }: SimulatedLab): string[] {
  const watches = [sessions, collisions, ...routes.values()];
  return [...errors, ...watches.flatMap(({ problems }) => problems)];
}

/** What must be true of a lab that has converged, beside what its plan expects. */
export function problemsAtTheEnd(lab: SimulatedLab): string[] {
  const { sessions } = lab.plan.expectation;
  const expected = new Set(sessions.map((session) => pairName(session, session.peer)));
  return [
    ...lab.network.wires.flatMap((wire) => connectionProblems(wire, expected)),
    ...[...lab.routers.keys()].flatMap((router) => forwardingProblems(lab, router)),
  ];
}

/** Both ends of each session are on the same connection if there is only one between them, and it is open at both ends. */
function connectionProblems(wire: Wire, expected: ReadonlySet<string>): string[] {
  return wire.ends.flatMap((one, index) =>
    wire.ends.slice(index + 1).flatMap((other) => {
      const name = pairName(endpointOf(one), endpointOf(other));
      if (!expected.has(name)) return [];
      const between = [...wire.connections].filter((each) => each.isBetween(one.host, other.host));
      if (between.length === 1 && between[0]?.open) return [];
      const list = between.map(({ number, open }) => `${number}${open ? "" : " (open at one end only)"}`);
      return [
        `${name} has ${between.length} connections, expected 1 with two ends: ${list.join(", ") || "none"}`,
      ];
    }),
  );
}

const endpointOf = ({ host, ifname }: Port): Endpoint => ({ router: host.name, ifname });

function pairName(one: Endpoint, other: Endpoint): string {
  return `${formatEndpoint(one)} -- ${formatEndpoint(other)}`;
}

/** The forwarding table has the routes of the Loc-RIB that were learned, and no others; none if they are kept out of it. */
function forwardingProblems(lab: SimulatedLab, router: string): string[] {
  const { routes, links } = lab.host(router);
  const ifindexes = new Map(links.map(({ ifname, ifindex }) => [ifname, ifindex]));
  const forwarded = [...routes].map(([prefix, target]) => `${prefix} via ${targetKey(target)}`);
  const best = (lab.routers.get(router)?.status.routes ?? []).flatMap(({ prefix, via, nextHops, kernel }) => {
    if (via === null || kernel === "kept out") return [];
    const hops = nextHops.map(({ via, nextHop }) => ({ ifindex: ifindexes.get(via) ?? 0, address: nextHop }));
    return [`${prefix} via ${targetKey(hops.length === 0 ? "blackhole" : hops)}`];
  });
  return [
    ...without(forwarded, best).map((route) => `${router} forwards ${route}, which is not in its Loc-RIB`),
    ...without(best, forwarded).map((route) => `${router} does not forward ${route} of its Loc-RIB`),
  ];
}

function without(some: readonly string[], others: readonly string[]): string[] {
  const set = new Set(others);
  return some.filter((one) => !set.has(one));
}
