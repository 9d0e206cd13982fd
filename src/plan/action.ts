import type { RouterConfig } from "../bgp/config/config.ts";
import { formatStepAction, type LabAction } from "../topology/action.ts";
import type { NodePlan } from "./plan.ts";

/**
 * One thing that is done to one part of a running lab; patterns, partitions and what heals them have become some of these.
 * Plain JSON. `perform` of `lab/actions` carries it out, under the lab's lock, which its caller holds. Safe to repeat.
 */
export type Action =
  | LabAction
  /** The router is told of other sessions' settings and prefixes than before, and has the loopback addresses of these. */
  | { readonly type: "reconfigure"; readonly node: NodePlan; readonly former?: RouterConfig };

/** An action as a person would tell it in a step: `kill r1`, `link-down r1:eth0`. */
export function formatAction(action: Action): string {
  return action.type === "reconfigure" ? `reconfigure ${action.node.name}` : formatStepAction(action);
}
