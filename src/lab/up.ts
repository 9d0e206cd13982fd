import { Convergence } from "../checks/convergence.ts";
import { hasContainers } from "../plan/containers.ts";
import type { Plan } from "../plan/plan.ts";
import { count } from "../report/count.ts";
import { Cleanup } from "../std/cleanup.ts";
import { Crew } from "./crew.ts";
import { removeLab } from "./down.ts";
import type { Environment } from "./environment.ts";
import { claimDirectory, daemonsFor, isOnRecord, mayHaveContainers, writeRecord } from "./lab-directory.ts";
import { lockLab } from "./lock.ts";
import { preflight, refuseRunning } from "./preflight.ts";
import { conclude, type SettleOptions, settle, type UpResult } from "./settle.ts";
import { noteStart } from "./start-time.ts";

export interface UpOptions extends SettleOptions {
  /** What becomes of a lab of that name: it is left alone, is changed into what the plan says, or is taken away first. */
  readonly ifRunning: "refuse" | "change" | "replace";
  /** Each router has a process of its own. */
  readonly isolate: boolean;
  readonly progress: (line: string) => void;
  /** Called as soon as the network is there; no router says anything before. */
  readonly plumbed?: () => Promise<void>;
  /** Has a last look at a lab that did not come up, before it is taken away; must not throw. */
  readonly salvage?: () => Promise<void>;
}

type MakeOptions = Omit<UpOptions, "ifRunning" | "isolate">;

/**
 * Makes a lab, all or nothing, or changes one, and waits until it has converged, or the time is up. A new lab is taken away again
 * if that is interrupted.
 *
 * @throws {LabError} if it could not be made, or a daemon ended; nothing of it is left then
 * @throws {LabUnfinishedError} if it could not be changed; what was done stays
 */
export async function up(plan: Plan, options: UpOptions, environment: Environment): Promise<UpResult> {
  await preflight(plan, options, environment);
  options.signal.throwIfAborted();
  using _ = lockLab({ lab: plan.lab, command: "up" }, environment.directories);
  const { isolate, ifRunning } = options;
  if (ifRunning === "replace") {
    const former = await mayHaveContainers(plan.lab, environment);
    const scope = { containers: former || hasContainers(plan) };
    await removeLab(plan.lab, scope, environment.runtime);
  }
  if (ifRunning === "change" && (await isThere(plan, environment))) {
    return await (await import("./change.ts")).changeLab(plan, options, environment);
  }
  return await makeLab(plan, options, {
    ...environment,
    processes: isolate ? "isolated" : environment.processes,
  });
}

/** Whether the machine shows anything of a lab, or it is on record. */
export async function isThere(plan: Plan, { runtime, directories }: Environment): Promise<boolean> {
  const labs = await runtime.labs({ containers: hasContainers(plan) });
  return labs.some(({ name }) => name === plan.lab) || (await isOnRecord(plan.lab, directories));
}

/** The same for a caller that has the lab's lock, and a lab that is not there. @throws {LabError} */
export async function makeLab(plan: Plan, options: MakeOptions, environment: Environment): Promise<UpResult> {
  const { clock, runtime, directories } = environment;
  const startedAtMs = clock.now();
  await refuseRunning(plan, runtime);
  await using undo = new Cleanup();
  await claimDirectory(plan.lab, directories);
  undo.add(() => {
    options.progress(`${plan.lab}: taking away what was made`);
    return removeLab(plan.lab, { containers: hasContainers(plan) }, runtime);
  });
  undo.add(async () => await options.salvage?.());
  await noteStart(plan.lab, environment);
  await writeRecord(plan, environment);

  const crew = new Crew(runtime, { lab: plan.lab, daemons: daemonsFor(plan, environment) });
  const coming = { plan, crew, convergence: new Convergence(plan), startedAtMs };
  const outcome = await crew.whileRunning(options.signal, async (signal) => {
    await crew.startAround(async () => {
      await runtime.plumb(plan, { signal });
      await options.plumbed?.();
    });
    const links = plan.links.length + plan.segments.length;
    options.progress(`${plan.lab}: ${count(plan.nodes.length, "router")} and ${count(links, "link")} made`);
    return await settle(coming, { ...options, signal }, environment);
  });
  if (outcome !== "interrupted") {
    undo.keep();
    crew.release();
  }
  return await conclude(coming, { ...options, outcome }, environment);
}
