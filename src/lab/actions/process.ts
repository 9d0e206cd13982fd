import { ControlError } from "../../bgp/control/client.ts";
import { digestsAlone } from "../../bgp/control/interest.ts";
import type { Daemon } from "../../kinds/kind.ts";
import { ProgramFailedError } from "../../runtime/errors.ts";
import type { DaemonState } from "../../runtime/runtime.ts";
import { Cleanup } from "../../std/cleanup.ts";
import { type Clock, pause } from "../../std/clock.ts";
import type { RouterAction } from "../../topology/action.ts";
import { Crew } from "../crew.ts";
import type { Environment } from "../environment.ts";
import { DaemonSilentError, RouterSharedError } from "../errors.ts";
import { daemonOf } from "../lab-directory.ts";
import { plannedRouter } from "../names.ts";
import { readDaemon } from "../probes.ts";
import type { Asked } from "../why-facts.ts";

/** How long a daemon may take to load and answer. */
const startMs = 10_000;

/** Before a daemon that does not answer yet is asked again. */
const retryMs = 10;

/**
 * Ends, starts or halts a router's process; its namespace, links and addresses stay. One that starts has answered then.
 *
 * @returns whether it was not so already
 * @throws {RouterSharedError} {@link RouterUnknownError} {@link DaemonEndedError} {@link DaemonSilentError}
 */
export async function changeProcess(
  { type, router }: { readonly type: RouterAction; readonly router: string },
  asked: Asked,
): Promise<boolean> {
  const daemon = ownDaemon(router, asked);
  const { environment, signal } = asked;
  const { runtime } = environment;
  const { lab } = asked.plan;
  const state = await runtime.stateOf(lab, daemon);
  if (!sensibleIn[type].includes(state)) return false;
  switch (type) {
    case "stop":
    case "kill":
      await runtime.stop(lab, daemon, { kill: type === "kill" });
      break;
    case "pause":
    case "resume":
      await runtime.setPaused(lab, daemon, type === "pause");
      break;
    case "start":
      await start({ lab, daemon, signal }, environment);
      break;
    case "restart":
      await restartDaemon({ lab, daemon, signal }, environment);
  }
  return true;
}

/** What a process must be like for an action to make a difference. */
const sensibleIn: Readonly<Record<RouterAction, readonly DaemonState[]>> = {
  stop: ["running", "paused"],
  kill: ["running", "paused"],
  pause: ["running"],
  resume: ["paused"],
  start: ["ended"],
  restart: ["running", "paused", "ended"],
};

/** The process that runs this router and no other. */
function ownDaemon(router: string, { plan, daemons }: Asked): Daemon {
  // A host has a namespace, but no process.
  const daemon = daemonOf(daemons, plannedRouter(plan, router).name);
  if (daemon.routers.length > 1) throw new RouterSharedError(router, daemon);
  return daemon;
}

interface Start {
  readonly lab: string;
  readonly daemon: Daemon;
  readonly signal: AbortSignal;
}

/** Ends a daemon if it is there, and starts it again. @throws {DaemonEndedError} {@link DaemonSilentError} */
export async function restartDaemon({ lab, daemon, signal }: Start, environment: Environment): Promise<void> {
  await environment.runtime.stop(lab, daemon);
  await start({ lab, daemon, signal }, environment);
}

async function start({ lab, daemon, signal }: Start, environment: Environment): Promise<void> {
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

/** What a daemon that is loading makes of whoever asks it; on a busy machine it may also keep silent for a while. */
const notYet = [ControlError, ProgramFailedError, DaemonSilentError];

/** Resolves as soon as a daemon answers. @throws {DaemonSilentError} after ten seconds */
async function answer(daemon: Daemon, environment: Environment, signal: AbortSignal): Promise<void> {
  const { clock } = environment;
  using deadline = deadlineOf(daemon, clock);
  const either = AbortSignal.any([signal, deadline.signal]);
  for (;;) {
    try {
      await readDaemon(daemon, environment, { interest: digestsAlone, signal: either });
      return;
    } catch (error) {
      either.throwIfAborted();
      if (!notYet.some((kind) => error instanceof kind)) throw error;
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
