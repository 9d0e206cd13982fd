import type { InterfaceState, InterfaceTarget } from "../runtime/runtime.ts";
import { pause } from "../std/clock.ts";
import type { Environment } from "./environment.ts";
import { readRecord } from "./lab-directory.ts";
import { lockLab } from "./lock.ts";
import { runningInterface } from "./names.ts";

/** What to do to an interface; `flap` is down and, after a while, up. */
export type LinkChange = { readonly type: "down" | "up" } | { readonly type: "flap"; readonly forMs: number };

/**
 * Sets an interface of a router down or up, as somebody with `ip link` would; the other end of the link sees no carrier then.
 *
 * @param target `lab` as for `exec`; `endpoint` is `router:ifname`
 * @throws {LabLockedError} {@link RouterUnknownError} {@link InterfaceUnknownError}
 */
export async function changeLink(
  target: { lab: string; endpoint: string },
  { change, signal }: { change: LinkChange; signal: AbortSignal },
  environment: Environment,
): Promise<void> {
  const { runtime, clock, directories } = environment;
  const found = await runningInterface(target, environment);
  using _ = lockLab({ lab: found.lab, command: "link" }, directories);
  if (change.type !== "up") await runtime.setInterface(found, { type: "down" });
  if (change.type === "down") return;
  try {
    if (change.type === "flap") await pause(clock, change.forMs, signal);
  } finally {
    // After Ctrl-C too: a flap that ends halfway would be another command.
    await runtime.setInterface(found, await upAsPlanned(found, environment));
  }
}

/** With what the plan gave the interface; with nothing if the interface, or the record of the plan, is somebody else's. */
async function upAsPlanned(
  { lab, router, ifname }: InterfaceTarget,
  environment: Environment,
): Promise<InterfaceState> {
  const plan = (await readRecord(lab, environment).catch(() => undefined))?.plan;
  const ends = plan?.links.flatMap((link) => link.ends) ?? [];
  const own = ends.find((end) => end.router === router && end.ifname === ifname);
  const host = plan?.hosts.find((host) => host.name === router && host.ifname === ifname);
  const addresses = own ? [{ address: own.linkLocal, length: 64 }, ...(own.addresses ?? [])] : [];
  return { type: "up", addresses, ...(host && { defaultRoutes: host }) };
}
