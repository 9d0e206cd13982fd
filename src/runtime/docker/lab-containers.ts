import type { ContainerInfo } from "dockerode";
import { addedPart, type NetworkChange } from "../../plan/difference.ts";
import type { Plan } from "../../plan/plan.ts";
import type { Clock } from "../../std/clock.ts";
import { RemovalError } from "../errors.ts";
import type { PlanPart, Removed, RunningContainer, RunningLab } from "../runtime.ts";
import { type ContainerPlan, containersOf, ownImage } from "./container-plans.ts";
import { processOf, removeContainer, type StartedContainer, startContainer } from "./containers.ts";
import { agentLabel, type Engine, Label } from "./engine.ts";

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
  return await startAll(engine, { lab: plan.lab, containers: containersOf(plan) }, signal);
}

async function startAll(
  engine: Engine,
  { lab, containers: plans }: { lab: string; containers: readonly ContainerPlan[] },
  signal: AbortSignal,
): Promise<Map<string, StartedContainer>> {
  const made = plans.map(async (container) => {
    const started = await startContainer(engine, { lab, container }, signal);
    return [container.name, started] as const;
  });
  // Whoever takes the lab away after a failure must not be overtaken by what is still being made.
  await Promise.allSettled(made);
  const containers = new Map(await Promise.all(made));
  signal.throwIfAborted();
  return containers;
}

/** Takes away the containers of what goes, makes those of what comes, and gives all that the lab has then, by name. */
export async function changeContainers(
  engine: Engine,
  { lab, changes }: { lab: string; changes: readonly NetworkChange[] },
  { signal, clock }: { signal: AbortSignal; clock: Clock },
): Promise<ReadonlyMap<string, StartedContainer>> {
  const going = changes.flatMap((change) =>
    change.type === "removeRouter" || change.type === "removeHost" ? [change.netns] : [],
  );
  const gone = new Set(going);
  const kept = new Map([...(await runningContainers(engine, lab))].filter(([name]) => !gone.has(name)));
  const coming = containersOf(addedPart(changes)).filter(({ name }) => !kept.has(name));
  // One that has ended is no longer in the way of the network, but has the name.
  const removed = new Set([...going, ...coming.map(({ name }) => name)]);
  for await (const _ of removeContainers(engine, { lab, which: (name) => removed.has(name) }, clock));
  return new Map([...kept, ...(await startAll(engine, { lab, containers: coming }, signal))]);
}

/** Those of a lab that run, agents aside, by name. */
export async function runningContainers(
  engine: Engine,
  lab: string,
): Promise<ReadonlyMap<string, StartedContainer>> {
  const running = (await engine.containers(lab)).filter(
    ({ State: state, Labels: labels }) => state === "running" && labels[Label.router] !== agentLabel,
  );
  return new Map(
    await Promise.all(
      running.map(async (container) => {
        const id = container.Id;
        return [nameOf(container), { id, pid: await processOf(engine, id) }] as const;
      }),
    ),
  );
}

/** Labs that have a container, whatever has become of it. */
export async function runningLabs(engine: Engine): Promise<RunningLab[]> {
  const byLab = Map.groupBy(await engine.containers(), ({ Labels: labels }) => labels[Label.lab] ?? "");
  return Array.from(byLab, ([name, containers]) => {
    const running = containers
      .filter(({ State: state }) => state === "running")
      .map((container) => ({ router: container.Labels[Label.router] ?? "_", container }))
      .filter(({ router }) => !router.startsWith("_"))
      .sort((a, b) => (a.router < b.router ? -1 : 1));
    return {
      name,
      routers: running.map(({ router }) => router),
      containers: running.flatMap(({ router, container }) => {
        const health = healthOf(container);
        return health ? [{ router, name: nameOf(container), health }] : [];
      }),
    };
  });
}

/** Undefined for what has no daemon to ask. */
function healthOf({ Status: status }: ContainerInfo): RunningContainer["health"] | undefined {
  const [, word] = /\((?:health: )?(starting|healthy|unhealthy)\)$/.exec(status) ?? [];
  return word as RunningContainer["health"] | undefined;
}

/** Takes away all containers that are marked as the lab's, agents included. @throws {RemovalError} */
export function removeLab(engine: Engine, lab: string, clock: Clock): AsyncGenerator<Removed> {
  return removeContainers(engine, { lab, which: () => true }, clock);
}

/** @param which are meant, by name @throws {RemovalError} */
async function* removeContainers(
  engine: Engine,
  { lab, which }: { lab: string; which: (name: string) => boolean },
  clock: Clock,
): AsyncGenerator<Removed> {
  const deadline = clock.now() + removalMs;
  for (;;) {
    const containers = (await engine.containers(lab)).filter((container) => which(nameOf(container)));
    if (containers.length === 0) return;
    if (clock.now() > deadline) {
      const names = containers.map(nameOf).join(", ");
      throw new RemovalError(`containers of the lab ${lab} cannot be removed: ${names}`);
    }
    const removals = containers.map(async (container) => ({
      name: nameOf(container),
      isGone: await removeContainer(engine, container.Id),
    }));
    for (const { name, isGone } of await Promise.all(removals)) {
      if (isGone) yield { type: "container", name };
    }
  }
}

const nameOf = ({ Id: id, Names: [name = id] }: ContainerInfo) => name.replace(/^\//, "");
