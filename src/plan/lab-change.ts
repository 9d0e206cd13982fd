import type { RouterConfig } from "../bgp/config/config.ts";
import type { RouterChange } from "../bgp/config/difference.ts";
import type { NetworkChange } from "./difference.ts";

/** One step of a lab that runs to what a plan says. Plain data, with the secrets of the plan in it. */
export type LabChange = NetworkChange | ProcessChange;

/** What becomes of a process of a lab, by its name, e.g. `speaker-1`, or of a router in one. */
export type ProcessChange =
  | ({ readonly type: "stop" } & Whole)
  | ({ readonly type: "start" } & Whole)
  | ({ readonly type: "restart" } & Whole)
  /** The router ends; the others of its process go on. */
  | { readonly type: "leave"; readonly daemon: string; readonly router: string }
  | {
      readonly type: "reconfigure";
      readonly daemon: string;
      readonly config: RouterConfig;
      /** What the router will make of it; undefined for one that is new there, or of which nothing is known. */
      readonly changes: readonly RouterChange[] | undefined;
    };

interface Whole {
  readonly daemon: string;
  /** Those that it runs, as far as that is known. */
  readonly routers: readonly string[];
}
