import type { Endpoint } from "../net/endpoint.ts";
import { farEnd } from "../plan/far-end.ts";
import type { Plan } from "../plan/plan.ts";
import { changeInterface } from "./actions/interface.ts";
import type { Environment } from "./environment.ts";
import { readRecord } from "./lab-directory.ts";
import { lockLab } from "./lock.ts";
import { runningInterface } from "./names.ts";

/** What to do to an interface; `flap` is down and, after a while, up. */
export type LinkChange =
  | { readonly type: "link-down" | "link-up" }
  | { readonly type: "link-flap"; readonly forMs: number }
  /** Packets are lost, or are no more, without a sign of it: those that the interface receives, sends, or all of them. */
  | { readonly type: "blackhole" | "unblackhole"; readonly direction: Direction };

export type Direction = "in" | "out" | "both";

/**
 * Sets an interface of a router down or up, or lets packets vanish there.
 *
 * @param target `lab` as for `exec`; `endpoint` is `router:ifname`
 * @throws {LabLockedError} {@link RouterUnknownError} {@link InterfaceUnknownError} {@link KernelFeatureMissingError}
 */
export async function changeLink(
  target: { lab: string; endpoint: string },
  { change, signal }: { change: LinkChange; signal: AbortSignal },
  environment: Environment,
): Promise<void> {
  const { lab, ...end } = await runningInterface(target, environment);
  using _ = lockLab({ lab, command: "link" }, environment.directories);
  const readPlan = async () => (await readRecord(lab, environment)).plan;
  const options = { lab, environment, signal };
  if (!("direction" in change)) {
    const plan = await readPlan().catch(() => undefined);
    return await changeInterface({ ...change, ...end }, { ...options, plan });
  }
  const { type, direction } = change;
  const plan = await readPlan();
  for (const receiver of receivers(end, { direction, plan })) {
    await changeInterface({ type, ...receiver }, { ...options, plan });
  }
}

/** Where packets arrive that an interface receives or sends. */
function receivers(end: Endpoint, { direction, plan }: { direction: Direction; plan: Plan }): Endpoint[] {
  const far = direction === "in" ? undefined : farEnd(plan, end);
  return [...(direction === "out" ? [] : [end]), ...(far ? [far] : [])];
}
