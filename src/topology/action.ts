import { type Endpoint, formatEndpoint } from "../net/endpoint.ts";
import type { Prefix } from "../net/prefix.ts";
import { formatSessionEnd, type SessionEnd } from "../net/session-name.ts";
import type { Routing } from "./routing-text.ts";
import type { SessionOptions } from "./session-options.ts";

/** What a step of a topology file does to one part of its lab; names and patterns have become these parts. */
export type StepAction =
  | LabAction
  /** Undoes all that was done to links and to routers' processes. */
  | { readonly type: "heal" }
  | { readonly type: "announce" | "withdraw"; readonly router: string; readonly prefixes: readonly Prefix[] }
  | Configure;

/** What needs no knowledge of what was done before. Plain JSON. */
export type LabAction =
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
  | ({ readonly type: "reset" | "soft-reset" } & SessionEnd);

/** What can be done to a router's processes. */
export const routerActions = ["stop", "start", "restart", "kill", "pause", "resume"] as const;

export type RouterAction = (typeof routerActions)[number];

/** Some routers and ends of links have other settings from then on. */
export interface Configure {
  readonly type: "configure";
  readonly routers: ReadonlyMap<string, Routing>;
  /** By end, `r1:eth0`; on a shared link by session, `r1:eth0/fe80::3`. */
  readonly sessions: ReadonlyMap<string, SessionOptions>;
  /** Whose settings the file changes, in its words. */
  readonly targets: readonly string[];
}

/** An action in the words of the file: `kill r1`, `link-down r1:eth0`. */
export function formatStepAction(action: StepAction): string {
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
    case "heal":
      return "heal";
    case "announce":
    case "withdraw":
      return `${action.type} ${action.prefixes.join(", ")} at ${action.router}`;
    case "configure":
      return `configure ${action.targets.join(", ")}`;
    default:
      return `${action.type} ${action.router}`;
  }
}
