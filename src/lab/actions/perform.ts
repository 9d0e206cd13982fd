import type { Action } from "../../plan/action.ts";
import { reconfigureRouter } from "../reconfigure.ts";
import type { Asked } from "../why-facts.ts";
import { changeInterface } from "./interface.ts";
import { changeProcess } from "./process.ts";
import { resetSession } from "./session.ts";

/**
 * Does something to a part of a running lab, whose lock the caller has.
 *
 * @returns whether it made a difference, as far as that can be known @throws {LabError}
 */
export async function perform(action: Action, asked: Asked): Promise<boolean> {
  switch (action.type) {
    case "link-down":
    case "link-up":
    case "link-flap":
    case "blackhole":
    case "unblackhole":
      await changeInterface(action, { ...asked, lab: asked.plan.lab });
      return true;
    case "reset":
    case "soft-reset":
      await resetSession(action, asked);
      return true;
    case "reconfigure":
      return (await reconfigureRouter(action, asked)).length > 0;
    default:
      return await changeProcess(action, asked);
  }
}
