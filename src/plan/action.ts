import { type Endpoint, formatEndpoint } from "../net/endpoint.ts";
import { formatSessionEnd, type SessionEnd } from "../net/session-name.ts";
import type { NodePlan } from "./plan.ts";

/**
 * One thing that is done to one part of a running lab; patterns, partitions and what heals them have become some of these.
 * Plain JSON. `perform` of `lab/actions` carries it out, under the lab's lock, which its caller holds. Safe to repeat.
 */
export type Action =
  /** The interface is set down or up, as with `ip link`; its peer loses or gets its carrier. */
  | ({ readonly type: "link-down" | "link-up" } & Endpoint)
  /** Down, and up again after a while. */
  | ({ readonly type: "link-flap"; readonly forMs: number } & Endpoint)
  /** All that the interface receives is dropped, without a sign of it; or no more. */
  | ({ readonly type: "blackhole" | "unblackhole" } & Endpoint)
  /**
   * To the router's own processes: ended as by SIGTERM, started and answering again, both, ended by SIGKILL, halted by SIGSTOP
   * and going on after SIGCONT.
   */
  | { readonly type: RouterAction; readonly router: string }
  /** The session is ended and starts over; or only asks for all routes again (RFC 2918). */
  | ({ readonly type: "reset" | "soft-reset" } & SessionEnd)
  /** The router is told of other sessions' settings and prefixes than before, and has the loopback addresses of these. */
  | { readonly type: "reconfigure"; readonly node: NodePlan };

export type RouterAction = "stop" | "start" | "restart" | "kill" | "pause" | "resume";

/** An action as a person would tell it in a step: `kill r1`, `link-down r1:eth0`. */
export function formatAction(action: Action): string {
  switch (action.type) {
    case "link-down":
    case "link-up":
    case "link-flap":
    case "blackhole":
    case "unblackhole":
      return `${action.type} ${formatEndpoint(action)}`;
    case "reset":
    case "soft-reset":
      return `${action.type} ${formatSessionEnd(action)}`;
    case "reconfigure":
      return `reconfigure ${action.node.name}`;
    default:
      return `${action.type} ${action.router}`;
  }
}
