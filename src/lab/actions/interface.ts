import type { Action } from "../../plan/action.ts";
import { endsOf } from "../../plan/links.ts";
import type { Plan } from "../../plan/plan.ts";
import type { InterfaceState, InterfaceTarget } from "../../runtime/runtime.ts";
import { pause } from "../../std/clock.ts";
import type { Environment } from "../environment.ts";

/** What is done to one interface. */
export type InterfaceAction = Extract<
  Action,
  { ifname: string; type: `link-${string}` | `${"" | "un"}blackhole` }
>;

interface Options {
  readonly lab: string;
  /** Says what addresses an interface gets back; undefined if there is no record of it. */
  readonly plan: Plan | undefined;
  readonly environment: Environment;
  readonly signal: AbortSignal;
}

/** Sets an interface down or up, as somebody with `ip link` would, or lets it drop all that it receives. @throws {RuntimeError} */
export async function changeInterface(
  action: InterfaceAction,
  { lab, plan, environment, signal }: Options,
): Promise<void> {
  const { runtime, clock } = environment;
  const { router, ifname } = action;
  const target = { lab, router, ifname };
  switch (action.type) {
    case "blackhole":
    case "unblackhole":
      return await runtime.setDropping(target, action.type === "blackhole");
    case "link-down":
      return await runtime.setInterface(target, { type: "down" });
    case "link-up":
      return await runtime.setInterface(target, asPlanned(target, plan));
    case "link-flap":
      await runtime.setInterface(target, { type: "down" });
      try {
        await pause(clock, action.forMs, signal);
      } finally {
        // After Ctrl-C too: a flap that ends halfway would be another action.
        await runtime.setInterface(target, asPlanned(target, plan));
      }
  }
}

/** Up, with what the plan gave the interface; with nothing if the interface, or the record of the plan, is somebody else's. */
function asPlanned({ router, ifname }: InterfaceTarget, plan: Plan | undefined): InterfaceState {
  const own = (plan ? endsOf(plan) : []).find((end) => end.router === router && end.ifname === ifname);
  const host = plan?.hosts.find((host) => host.name === router && host.ifname === ifname);
  const addresses = own ? [{ address: own.linkLocal, length: 64 }, ...(own.addresses ?? [])] : [];
  return { type: "up", addresses, ...(host && { defaultRoutes: host }) };
}
