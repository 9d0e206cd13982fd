import type { RouterConfig } from "../bgp/config/config.ts";
import type { RouterChange } from "../bgp/config/difference.ts";
import type { NetworkChange } from "./difference.ts";

/** One step of a lab that runs to what a plan says. Plain data, with the secrets of the plan in it. */
export type LabChange = NetworkChange | ProcessChange;

/** What becomes of a process of a lab, by its name, e.g. `speaker-1`, or of a router in one. */
export type ProcessChange =
  | {
      readonly type: "stop" | "start" | "restart";
      readonly daemon: string;
      readonly routers: readonly string[];
    }
  /** The router ends; the others of its process go on. */
  | { readonly type: "leave"; readonly daemon: string; readonly router: string }
  | {
      readonly type: "reconfigure";
      readonly daemon: string;
      readonly config: RouterConfig;
      /** What the router will make of it; undefined for one that is new there, or of which nothing is known. */
      readonly changes: readonly RouterChange[] | undefined;
    };
