import type { RouteStatus } from "../bgp/control/status.ts";
import type { Prefix } from "../net/prefix.ts";

/** A route as one router knows it. */
export type Route = Omit<RouteStatus, "router">;

/** A prefix that the router tells of by itself. */
export function originated(prefix: Prefix): Route {
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

/** What is known of a route that goes one way. */
type OneWay = Omit<Route, "via" | "nextHops" | "session"> & { readonly via: string };

/** A route over one interface alone, and so over its one session. */
export function learned(route: OneWay): Route {
  const { via, nextHop } = route;
  return { ...route, session: via, nextHops: nextHop === null ? [] : [{ via, nextHop }] };
}

/** In the place of the kernel's word, of a route learnt by a program that gives the kernel none. */
export const noTable = "none";
