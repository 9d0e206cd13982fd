import type { Plan } from "../plan/plan.ts";

/** A plan with the processes that run it on this machine: all that `up` will make. */
export interface PlanDescription extends Plan {
  readonly processes: readonly ProcessDescription[];
}

/** A long-running program of a lab. */
export interface ProcessDescription {
  readonly name: string;
  readonly routers: readonly string[];
  /** What it is started in. */
  readonly place:
    | { readonly type: "machine" }
    | { readonly type: "netns" | "container"; readonly name: string };
  readonly command: readonly string[];
  /** Written before the start. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** Standard input; undefined for none. */
  readonly input: string | undefined;
  /** Where its output goes. */
  readonly log: string;
}
