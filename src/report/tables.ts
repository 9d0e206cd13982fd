import type { RouteStatus, SessionStatus } from "../bgp/control/status.ts";
import type { LabReport, SessionReport } from "./lab-report.ts";
import { type Limit, table } from "./table.ts";

/** The sessions, the routes and the containers of a lab, as tables with empty lines between them. */
export function tables(report: LabReport, limit: Limit = {}): string[] {
  const routes = routeTable(report.routes, { ...limit, untold: untoldRoutes(report) });
  const containers = report.containers.length === 0 ? [] : ["", ...containerTable(report, limit)];
  return [...sessionTable(report.sessions, limit), "", ...routes, ...containers];
}

function sessionTable(sessions: readonly SessionReport[], limit: Limit): string[] {
  const head = ["ROUTER", "IFNAME", "PEER", "ASN", "ADDRESS", "STATE", "HOLD", "FLAPS"];
  return table(head, sessions.map(sessionRow), { ...limit, noun: "session" });
}

function sessionRow(session: SessionReport): string[] {
  return [
    session.router,
    session.ifname,
    session.peerRouter ?? "-",
    text(session.peerAsn),
    text(session.peerAddress),
    session.state,
    session.holdTime === null ? "-" : `${session.holdTime}s`,
    flaps(session),
  ];
}

/** How often the session has gone down after it was up. */
function flaps({ establishedCount, state }: SessionStatus): string {
  return String(state === "Established" ? establishedCount - 1 : establishedCount);
}

function containerTable({ containers }: LabReport, limit: Limit): string[] {
  const rows = containers.map(({ router, name, health }) => [router, name, health]);
  return table(["ROUTER", "CONTAINER", "HEALTH"], rows, { ...limit, noun: "container" });
}

/** How many routes the routers have that the report does not. */
function untoldRoutes({ routers, routes }: LabReport): number {
  const all = routers.reduce((sum, { routeCount = 0 }) => sum + routeCount, 0);
  return Math.max(0, all - routes.length);
}

function routeTable(routes: readonly RouteStatus[], limit: Limit & { readonly untold: number }): string[] {
  const head = ["ROUTER", "PREFIX", "VIA", "NEXT HOP", "AS PATH", "KERNEL"];
  return table(head, routes.map(routeRow), { ...limit, noun: "route" });
}

function routeRow(route: RouteStatus): string[] {
  return [
    route.router,
    route.prefix,
    hops(route, ({ via }) => via) ?? route.via ?? "-",
    hops(route, ({ nextHop }) => nextHop) ?? (route.via === null ? "-" : "dropped"),
    route.asPath === "" ? "-" : route.asPath,
    route.kernel,
  ];
}

/** Each of the ways that are used at once; undefined where there is none. */
function hops(
  { nextHops }: RouteStatus,
  word: (hop: RouteStatus["nextHops"][number]) => string,
): string | undefined {
  return nextHops.length === 0 ? undefined : nextHops.map(word).join(", ");
}

const text = (value: string | number | null): string => (value === null ? "-" : String(value));
