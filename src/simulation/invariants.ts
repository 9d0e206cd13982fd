import { targetKey } from "../bgp/speaker/targets.ts";
import { formatEndpoint } from "../net/endpoint.ts";
import type { SimulatedLab } from "./simulated-lab.ts";
import type { Wire } from "./wire.ts";

/** What must have been true all along. */
export function problemsOnTheWay({ sessions, collisions, routes, errors }: SimulatedLab): string[] {
  const watches = [sessions, collisions, ...routes.values()];
  return [...errors, ...watches.flatMap(({ problems }) => problems)];
}

/** What must be true of a lab that has converged, beside what its plan expects. */
export function problemsAtTheEnd(lab: SimulatedLab): string[] {
  const expected = new Set(lab.plan.expectation.sessions.map(formatEndpoint));
  const wires = lab.network.wires.filter(({ ends: [{ host, ifname }] }) =>
    expected.has(formatEndpoint({ router: host.name, ifname })),
  );
  return [
    ...wires.flatMap(connectionProblems),
    ...[...lab.routers.keys()].flatMap((router) => forwardingProblems(lab, router)),
  ];
}

/** Both ends of a session are on the same connection if there is only one, and it is open at both ends. */
function connectionProblems(wire: Wire): string[] {
  const connections = [...wire.connections];
  if (connections.length === 1 && connections[0]?.open) return [];
  const list = connections.map(({ number, open }) => `${number}${open ? "" : " (open at one end only)"}`);
  return [
    `${wire.name} has ${connections.length} connections, expected 1 with two ends: ${list.join(", ") || "none"}`,
  ];
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
