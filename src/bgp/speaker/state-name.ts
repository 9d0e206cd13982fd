import type { StateName } from "../control/status.ts";
import type { StateTitle } from "../session/state.ts";

const rfcNames: Record<StateTitle, StateName> = {
  idle: "Idle",
  connect: "Connect",
  active: "Active",
  "open sent": "OpenSent",
  "open confirm": "OpenConfirm",
  // Two connections: neither is up, and the peer's word decides between them.
  "connection collision": "OpenConfirm",
  "session setup": "OpenConfirm",
  established: "Established",
};

/** RFC 4271's name for a state of the log. */
export function rfcName(title: StateTitle): StateName {
  return rfcNames[title];
}
