import type * as v from "valibot";
import { closed } from "../bgp/config/closed.ts";
import { defaultRouter, type RouterConfig } from "../bgp/config/config.ts";
import { routerIdField } from "../bgp/config/fields.ts";
import { routerFields } from "../bgp/config/router-fields.ts";
import { key } from "./described.ts";
import { said } from "./session-options.ts";

const multipath = closed({
  "maximum-paths": key(routerFields.maximumPaths, {
    meaning: "how many equal routes are used at once, 1 to 64",
    without: "1",
    json: { type: "integer", minimum: 1, maximum: 64 },
  }),
  "as-path-relax": key(routerFields.asPathRelax, {
    meaning: "`true`: their AS paths need only be of the same length",
    without: "`false`",
  }),
});

/** What can be said of a router's routes: in `defaults`, of a kind, in a group, or at the router. */
export const routingKeys = {
  multipath: key(multipath, {
    meaning:
      "`{ maximum-paths: 4 }`: use up to so many equal routes at once, at most 64; `as-path-relax: true` beside it: their AS paths need only be of the same length",
    without: "the best alone",
  }),
  redistribute: key(routerFields.redistribute, {
    meaning:
      "list of `connected` and `static`: originate the addresses of the router's interfaces, and the routes that somebody adds with `ip route`",
    without: "none",
  }),
  "cluster-id": key(routerIdField, {
    meaning: "of a route reflector (RFC 4456), a dotted quad; several reflectors may share one",
    without: "the router id",
  }),
  install: key(routerFields.install, {
    meaning: "`false`: keep routes out of the kernel, as a route server or reflector does",
    without: "`true`",
  }),
};

/** What is done with a router's routes. */
export type Routing = Pick<RouterConfig, "redistribute" | "clusterId" | "multipath" | "install">;

/** A router of whose routes nothing is said. */
export const defaultRouting: Routing = {
  redistribute: defaultRouter.redistribute,
  clusterId: defaultRouter.clusterId,
  multipath: defaultRouter.multipath,
  install: defaultRouter.install,
};

type MultipathText = v.InferOutput<typeof multipath>;

type RoutingText = {
  readonly [Key in keyof typeof routingKeys]?: v.InferOutput<(typeof routingKeys)[Key]>;
};

/** What is said here goes over what was said further out, key by key; `null` takes it back. */
export function layerRouting(base: Routing, own: RoutingText): Routing {
  const unset = defaultRouting;
  return {
    redistribute: said(own.redistribute, base.redistribute, unset.redistribute),
    clusterId: said(own["cluster-id"], base.clusterId, unset.clusterId),
    multipath: own.multipath === null ? unset.multipath : layerMultipath(base.multipath, own.multipath),
    install: said(own.install, base.install, unset.install),
  };
}

function layerMultipath(base: Routing["multipath"], own: MultipathText | undefined): Routing["multipath"] {
  if (own === undefined) return base;
  const unset = defaultRouting.multipath;
  return {
    maximumPaths: said(own["maximum-paths"], base.maximumPaths, unset.maximumPaths),
    asPathRelax: said(own["as-path-relax"], base.asPathRelax, unset.asPathRelax),
  };
}
