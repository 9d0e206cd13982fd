import * as v from "valibot";
import { closed } from "../bgp/config/closed.ts";
import { defaultRouter, type RouterConfig } from "../bgp/config/config.ts";
import { routerIdField } from "../bgp/config/fields.ts";
import { routerFields } from "../bgp/config/router-fields.ts";
import type { Router } from "./topology.ts";

const multipath = closed({
  "maximum-paths": v.optional(routerFields.maximumPaths),
  "as-path-relax": v.optional(routerFields.asPathRelax),
});

/** What can be said of a router's routes: in `defaults`, in a group, or at the router. */
export const routingKeys = {
  redistribute: v.optional(routerFields.redistribute),
  "cluster-id": v.optional(routerIdField),
  multipath: v.nullish(multipath),
  install: v.optional(routerFields.install),
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

interface RoutingText {
  readonly redistribute?: Routing["redistribute"] | undefined;
  readonly "cluster-id"?: Router["routerId"] | undefined;
  readonly multipath?: v.InferOutput<typeof multipath> | null | undefined;
  readonly install?: boolean | undefined;
}

/** What is said here goes over what was said further out, key by key. */
export function layerRouting(base: Routing, own: RoutingText | undefined): Routing {
  return {
    redistribute: own?.redistribute ?? base.redistribute,
    clusterId: own?.["cluster-id"] ?? base.clusterId,
    multipath: {
      maximumPaths: own?.multipath?.["maximum-paths"] ?? base.multipath.maximumPaths,
      asPathRelax: own?.multipath?.["as-path-relax"] ?? base.multipath.asPathRelax,
    },
    install: own?.install ?? base.install,
  };
}
