import type { StateName } from "../bgp/control/status.ts";

/** The state that a program names as RFC 4271 does; Idle for what else it says, and for nothing. */
export function stateNamed(text: string | undefined): StateName {
  switch (text) {
    case "Connect":
    case "Active":
    case "OpenSent":
    case "OpenConfirm":
    case "Established":
      return text;
    default:
      return "Idle";
  }
}
