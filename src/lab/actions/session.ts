import type { Command } from "../../bgp/control/request.ts";
import { formatSessionEnd } from "../../net/session-name.ts";
import type { Action } from "../../plan/action.ts";
import { ActionUnsupportedError } from "../errors.ts";
import { daemonOf } from "../lab-directory.ts";
import { plannedRouter } from "../names.ts";
import { inTime } from "../probes.ts";
import type { Asked } from "../why-facts.ts";

/**
 * Ends a session's connection and has it established anew, or asks its peer for all routes again (RFC 2918).
 *
 * @throws {ActionUnsupportedError} for a program that cannot @throws {ControlError} if there is no such session
 */
export async function resetSession(
  { type, router, session }: Extract<Action, { type: "reset" | "soft-reset" }>,
  { plan, daemons, environment, signal }: Asked,
): Promise<void> {
  const daemon = daemonOf(daemons, plannedRouter(plan, router).name);
  const { probe, orders } = daemon;
  const { clock, control, runtime } = environment;
  if (probe.type === "control") {
    const command: Command =
      type === "reset"
        ? { type: "reset", router, session, communication: "reset by fe80" }
        : { type: "refresh", router, session };
    await inTime(daemon, { clock, signal }, (either) => control.command(probe.socket, command, either));
    return;
  }
  const command = (type === "reset" ? orders?.reset : orders?.refresh)?.(session);
  if (!command) {
    const name = formatSessionEnd({ router, session });
    throw new ActionUnsupportedError(`${name} cannot be reset: the program of ${router} does not offer it`, {
      hint: `fe80 restart ${plan.lab} ${router} resets all of its sessions`,
    });
  }
  await runtime.run(daemon, [command], { signal });
}
