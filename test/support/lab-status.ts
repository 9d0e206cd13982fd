import { readFileSync } from "node:fs";
import type { NextHopStatus, RouteStatus, SessionStatus, Status } from "../../src/bgp/control/status.ts";
import type { Address } from "../../src/net/address.ts";
import { compile } from "../../src/plan/compile.ts";
import type { ExpectedRoute, ExpectedSession, NodePlan, Plan } from "../../src/plan/plan.ts";
import { parseTopology } from "../../src/topology/parse.ts";

/** The plan of a topology's text. */
export function planOf(text: string): Plan {
  const paths = { netnsDirectory: "/run/netns", runDirectory: "/run/fe80/lab" };
  return compile(parseTopology({ file: "lab.yaml", text }), paths);
}

/** The plan of a topology that ships. */
export function shippedPlan(name: string): Plan {
  return planOf(readFileSync(`topologies/${name}.yaml`, "utf8"));
}

/** What a lab tells in which everything is as its plan expects. */
export function perfectStatus(plan: Plan): Status {
  const { sessions, routes } = plan.expectation;
  return {
    routers: plan.nodes.map(({ name, router: { asn, routerId } }) => ({ router: name, asn, routerId })),
    sessions: sessions.map((expected) => sessionOf(plan, expected)),
    routes: routes.map((route) => routeOf(route, nodeOf(plan, route.router).router)),
  };
}

/** An expected session, Established. */
export function sessionOf(
  plan: Plan,
  expected: ExpectedSession,
  change: Partial<SessionStatus> = {},
): SessionStatus {
  const peer = nodeOf(plan, expected.peer.router);
  return {
    router: expected.router,
    ifname: expected.ifname,
    session: expected.session,
    state: "Established",
    since: null,
    peerAsn: expected.peerAsn,
    peerRouterId: peer.router.routerId,
    peerHostname: null,
    peerAddress: null,
    localAddress: null,
    neighbors: [],
    connectionId: "d35a7c94",
    direction: "outbound",
    holdTime: 6,
    families: [4, 6],
    establishedCount: 1,
    lastError: null,
    waitingFor: null,
    history: [],
    ...change,
  };
}

const nextHop = "fe80::99" as Address;

/** An expected route, in use. */
export function routeOf(
  { router, prefix, via, also = [], drops }: ExpectedRoute,
  { install } = { install: true },
): RouteStatus {
  const hopBy = (way: string): NextHopStatus => {
    const [ifname = "", address = nextHop] = way.split("/");
    return { via: ifname, nextHop: address as Address };
  };
  const best = via === null ? null : hopBy(via);
  const ways = via === null || drops ? [] : [via, ...also];
  return {
    router,
    prefix,
    via: best?.via ?? null,
    nextHop: best?.nextHop ?? null,
    session: via,
    nextHops: ways.map(hopBy),
    asPath: via === null ? "" : "64512",
    decidedBy: via === null ? "originated here" : "only path",
    kernel: via === null ? "connected" : install ? "installed" : "kept out",
  };
}

function nodeOf(plan: Plan, router: string): NodePlan {
  const node = plan.nodes.find(({ name }) => name === router);
  if (node === undefined) throw new Error(`no router ${router}`);
  return node;
}
