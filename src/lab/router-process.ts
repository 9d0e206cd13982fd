import { ControlError } from "../bgp/control/client.ts";
import type { Daemon } from "../kinds/kind.ts";
import { ProgramFailedError } from "../runtime/errors.ts";
import { Cleanup } from "../std/cleanup.ts";
import { type Clock, pause } from "../std/clock.ts";
import { Crew } from "./crew.ts";
import type { Environment } from "./environment.ts";
import { DaemonSilentError, RouterSharedError, RouterUnknownError } from "./errors.ts";
import { readRecord } from "./lab-directory.ts";
import { lockLab } from "./lock.ts";
import { runningRouter } from "./names.ts";
import { readDaemon } from "./probes.ts";

/** How long a daemon may take to load and answer. */
const startMs = 10_000;

/** Before a daemon that does not answer yet is asked again. */
const retryMs = 10;

interface Target {
  readonly lab: string;
  readonly router: string;
}

/** Ends a router's process; its namespace, links and addresses stay. @returns whether there was one @throws {RouterSharedError} {@link LabLockedError} */
export async function stopRouter(target: Target, environment: Environment): Promise<boolean> {
  const { lab, daemon } = await ownDaemon(target, environment);
  using _ = lockLab({ lab, command: "stop" }, environment.directories);
  return await stop({ lab, daemon }, environment);
}

/**
 * Starts a router's process again, and waits until it answers.
 *
 * @returns whether there was none @throws {RouterSharedError} {@link LabLockedError} {@link DaemonEndedError} {@link DaemonSilentError}
 */
export async function startRouter(
  target: Target,
  { signal }: { signal: AbortSignal },
  environment: Environment,
): Promise<boolean> {
  const { lab, daemon } = await ownDaemon(target, environment);
  using _ = lockLab({ lab, command: "start" }, environment.directories);
  if ((await environment.runtime.stateOf(lab, daemon)) !== "ended") return false;
  await start({ lab, daemon, signal }, environment);
  return true;
}

/** Ends a router's process if there is one, and starts it again. @throws what {@link startRouter} throws */
export async function restartRouter(
  target: Target,
  { signal }: { signal: AbortSignal },
  environment: Environment,
): Promise<void> {
  const { lab, daemon } = await ownDaemon(target, environment);
  using _ = lockLab({ lab, command: "restart" }, environment.directories);
  await restartDaemon({ lab, daemon, signal }, environment);
}

/** The same for a daemon, by a caller that has the lab's lock. */
export async function restartDaemon(
  { lab, daemon, signal }: { lab: string; daemon: Daemon; signal: AbortSignal },
  environment: Environment,
): Promise<void> {
  await stop({ lab, daemon }, environment);
  await start({ lab, daemon, signal }, environment);
}

async function ownDaemon(target: Target, environment: Environment): Promise<{ lab: string; daemon: Daemon }> {
  const { lab, router } = await runningRouter(target, environment);
  const { plan, daemons } = await readRecord(lab, environment);
  const daemon = daemons.find(({ routers }) => routers.includes(router));
  // A host has a namespace, but no process.
  if (!daemon) throw new RouterUnknownError({ lab, router, routers: plan.nodes.map(({ name }) => name) });
  if (daemon.routers.length > 1) throw new RouterSharedError(router, daemon);
  return { lab, daemon };
}

async function stop(
  { lab, daemon }: { lab: string; daemon: Daemon },
  { runtime }: Environment,
): Promise<boolean> {
  const running = (await runtime.stateOf(lab, daemon)) !== "ended";
  await runtime.stop(lab, daemon);
  return running;
}

async function start(
  { lab, daemon, signal }: { lab: string; daemon: Daemon; signal: AbortSignal },
  environment: Environment,
): Promise<void> {
  const { runtime } = environment;
  await using undo = new Cleanup();
  undo.add(() => runtime.stop(lab, daemon));
  const crew = new Crew(runtime, { lab, daemons: [daemon] });
  crew.start(() => true);
  crew.feed();
  await crew.whileRunning(signal, (either) => answer(daemon, environment, either));
  undo.keep();
  crew.release();
}

/** Resolves as soon as a daemon answers. @throws {DaemonSilentError} after ten seconds */
async function answer(daemon: Daemon, environment: Environment, signal: AbortSignal): Promise<void> {
  const { clock } = environment;
  using deadline = deadlineOf(daemon, clock);
  const either = AbortSignal.any([signal, deadline.signal]);
  for (;;) {
    try {
      await readDaemon(daemon, environment, either);
      return;
    } catch (error) {
      either.throwIfAborted();
      if (!(error instanceof ControlError || error instanceof ProgramFailedError)) throw error;
    }
    await pause(clock, retryMs, either);
  }
}

function deadlineOf({ name }: Daemon, clock: Clock): Disposable & { signal: AbortSignal } {
  const controller = new AbortController();
  const error = new DaemonSilentError(`${name} has not answered within ${startMs} ms`);
  const timer = clock.after(startMs, () => controller.abort(error));
  return { signal: controller.signal, [Symbol.dispose]: () => timer[Symbol.dispose]() };
}
