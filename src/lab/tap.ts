import type { Frame, InterfaceTarget, PacketFilter } from "../runtime/runtime.ts";
import { pause } from "../std/clock.ts";
import { LabError } from "../std/errors.ts";
import type { Environment } from "./environment.ts";
import { InterruptedError } from "./errors.ts";

/** Between two looks whether the lab is there still. */
const lookMs = 1000;

/**
 * Hands over each frame of some interfaces, until Ctrl-C or until the lab is gone.
 *
 * @throws the signal's reason unless that is Ctrl-C
 */
export async function listen(
  targets: readonly InterfaceTarget[],
  options: { onFrame: (frame: Frame) => void; filter?: PacketFilter | undefined; signal: AbortSignal },
  environment: Environment,
): Promise<void> {
  const { onFrame, filter, signal } = options;
  using _ = await environment.runtime.tap(targets, onFrame, filter);
  try {
    while (await isThere(targets, environment)) await pause(environment.clock, lookMs, signal);
  } catch (error) {
    if (!(error instanceof InterruptedError && error.signalName === "SIGINT")) throw error;
  }
}

/** Whether any of the routers is: a tap would keep their namespaces alive that have no name any more. */
async function isThere(targets: readonly InterfaceTarget[], { runtime }: Environment): Promise<boolean> {
  for (const target of targets) {
    try {
      await runtime.interfaces(target);
      return true;
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
    }
  }
  return false;
}
