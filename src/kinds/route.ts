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
    asPath: "",
    decidedBy: "originated here",
    kernel: "connected",
  };
}

/** In the place of the kernel's word, of a route learnt by a program that gives the kernel none. */
export const noTable = "none";
