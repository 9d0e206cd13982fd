import type { Plan } from "../../plan/plan.ts";
import type { Clock } from "../../std/clock.ts";
import { RemovalError } from "../errors.ts";
import type { PlanPart, Removed, RunningLab } from "../runtime.ts";
import { containersOf, ownImage } from "./container-plans.ts";
import { removeContainer, type StartedContainer, startContainer } from "./containers.ts";
import { type Engine, Label } from "./engine.ts";

/** How long an engine may take to remove what is removed already, or is still being made by a command that was killed. */
const removalMs = 20_000;

/** An engine, with all images of a plan. @throws {EngineUnreachableError} @throws {ImageMissingError} */
export async function requireEngine(engine: Engine, plan: Plan, signal: AbortSignal): Promise<void> {
  await engine.ping();
  const images = new Map(containersOf(plan).map(({ image, isOwn }) => [image, isOwn]));
  images.set(ownImage("speaker"), true);
  for (const [image, isOwn] of images) await engine.requireImage(image, { pull: !isOwn, signal });
}

/** Makes and starts the containers of a plan, by name; when it throws, none is still being made. */
export async function makeContainers(
  engine: Engine,
  plan: PlanPart,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, StartedContainer>> {
  const made = containersOf(plan).map(async (container) => {
    const started = await startContainer(engine, { lab: plan.lab, container }, signal);
    return [container.name, started] as const;
  });
  // Whoever takes the lab away after a failure must not be overtaken by what is still being made.
  await Promise.allSettled(made);
  const containers = new Map(await Promise.all(made));
  signal.throwIfAborted();
  return containers;
}

/** Labs that have a container, whatever has become of it. */
export async function runningLabs(engine: Engine): Promise<RunningLab[]> {
  const byLab = Map.groupBy(await engine.containers(), ({ Labels: labels }) => labels[Label.lab] ?? "");
  return Array.from(byLab, ([name, containers]) => ({
    name,
    routers: containers
      .filter(({ State: state }) => state === "running")
      .map(({ Labels: labels }) => labels[Label.router] ?? "_")
      .filter((router) => !router.startsWith("_"))
      .sort(),
  }));
}

/** Takes away all containers that are marked as the lab's, agents included. @throws {RemovalError} */
export async function* removeLab(engine: Engine, lab: string, clock: Clock): AsyncGenerator<Removed> {
  const deadline = clock.now() + removalMs;
  for (;;) {
    const containers = await engine.containers(lab);
    if (containers.length === 0) return;
    if (clock.now() > deadline) {
      const names = containers.flatMap(({ Names: [name = ""] }) => name.replace(/^\//, "")).join(", ");
      throw new RemovalError(`containers of the lab ${lab} cannot be removed: ${names}`);
    }
    const removals = containers.map(async ({ Id: id, Names: [name = id] }) => ({
      name: name.replace(/^\//, ""),
      isGone: await removeContainer(engine, id),
    }));
    for (const { name, isGone } of await Promise.all(removals)) {
      if (isGone) yield { type: "container", name };
    }
  }
}
