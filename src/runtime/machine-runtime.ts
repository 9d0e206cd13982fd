import type { Daemon, PlacedFile } from "../kinds/kind.ts";
import { hasContainers, hasNamespaces } from "../plan/containers.ts";
import { addedPart } from "../plan/difference.ts";
import { LabError, messageOf } from "../std/errors.ts";
import type { DockerRuntime } from "./docker/docker-runtime.ts";
import { mayBeThere, type Surroundings } from "./docker/engine-address.ts";
import type { Terminal } from "./docker/exec.ts";
import { alter } from "./netns/alter.ts";
import { labNetns } from "./netns/netns-name.ts";
import { createNetnsRuntime, type NetnsRuntimeOptions } from "./netns/netns-runtime.ts";
import { plumb } from "./netns/plumb.ts";
import type { Process, Removed, RouterTarget, RunningLab, Runtime, Scope } from "./runtime.ts";

export interface MachineRuntimeOptions extends NetnsRuntimeOptions {
  /** What says where the Docker Engine is. */
  readonly engine: Surroundings;
  readonly terminal: Terminal;
}

/**
 * Runs labs in namespaces of this machine and in containers of a Docker Engine, router by router as the plan has it.
 *
 * Nothing of Docker is loaded, and no engine is asked, for a lab that has no containers.
 */
export function createMachineRuntime(options: MachineRuntimeOptions): Runtime {
  const netns = createNetnsRuntime(options);
  const docker = once(async () => (await import("./docker/open.ts")).openDocker(options.engine, options));
  const containedLabs = async ({ containers }: Scope): Promise<readonly RunningLab[]> => {
    if (containers === "surely") return await (await docker()).labs();
    if (!containers || !mayBeThere(options.engine)) return [];
    return await (await docker()).labs().catch(unlessUnreachable);
  };
  const atFile = ({ container }: PlacedFile) => (container === undefined ? Promise.resolve(netns) : docker());
  const atDaemon = ({ place }: Pick<Daemon, "place">) =>
    place.type === "container" ? docker() : Promise.resolve(netns);
  const at = async (target: RouterTarget): Promise<DockerRuntime | Runtime> => {
    if (isNamespace(target)) return netns;
    const labs = await containedLabs({ containers: true });
    return labs.some(({ name }) => name === target.lab) ? await docker() : netns;
  };
  return {
    preflight: async (plan, preflightOptions) => {
      if (hasNamespaces(plan)) await netns.preflight(plan, preflightOptions);
      if (hasContainers(plan)) await (await docker()).preflight(plan, preflightOptions);
    },
    plumb: async (plan, { signal }) => {
      if (!hasContainers(plan)) return await netns.plumb(plan, { signal });
      if (!hasNamespaces(plan)) return await (await docker()).plumb(plan, { signal });
      const existing = await (await docker()).makeContainers(plan, { signal });
      await plumb(plan, { signal, existing });
    },
    survey: async (lab, scope = { containers: true }) => {
      const own = await netns.survey(lab);
      if (!scope.containers) return own;
      const { interfaces, containers, daemons } = await (await docker()).survey(lab);
      return {
        interfaces: new Map([...own.interfaces, ...interfaces]),
        containers,
        daemons: [...own.daemons, ...daemons],
      };
    },
    alter: async (lab, changes, { signal, scope = { containers: true } }) => {
      if (!scope.containers) return await netns.alter(lab, changes, { signal });
      if (changes.length === 0) return;
      const isMixed = labNetns().some((own) => own.lab === lab) || hasNamespaces(addedPart(changes));
      if (!isMixed) return await (await docker()).alter(lab, changes, { signal });
      const existing = await (await docker()).changeContainers(lab, changes, { signal });
      await alter(lab, changes, { signal, existing });
    },
    start: (lab, daemon) =>
      daemon.place.type === "container" ? startLater(docker(), lab, daemon) : netns.start(lab, daemon),
    write: async (daemon) => (await atDaemon(daemon)).write(daemon),
    run: async (daemon, ...rest) => (await atDaemon(daemon)).run(daemon, ...rest),
    connect: async (socket) => (await atFile(socket)).connect(socket),
    readFile: async function* (file, readOptions) {
      yield* (await atFile(file)).readFile(file, readOptions);
    },
    exec: async (target, ...rest) => (await at(target)).exec(target, ...rest),
    capture: async (target, ...rest) => (await at(target)).capture(target, ...rest),
    print: netns.print,
    machineFacts: async (target) => (await at(target)).machineFacts(target),
    kernelRoutes: async (target) => (await at(target)).kernelRoutes(target),
    interfaces: async (target) => (await at(target)).interfaces(target),
    setInterface: async (target, ...rest) => (await at(target)).setInterface(target, ...rest),
    setLoopback: async (target, ...rest) => (await at(target)).setLoopback(target, ...rest),
    setDropping: async (target, ...rest) => (await at(target)).setDropping(target, ...rest),
    tap: async (targets, ...rest) => {
      using stack = new DisposableStack();
      const runtimes = await Promise.all(targets.map(at));
      for (const runtime of new Set(runtimes)) {
        const own = targets.filter((_, index) => runtimes[index] === runtime);
        stack.use(await runtime.tap(own, ...rest));
      }
      return stack.move();
    },
    stateOf: async (lab, daemon) => (await atDaemon(daemon)).stateOf(lab, daemon),
    stop: async (lab, daemon, ...rest) => (await atDaemon(daemon)).stop(lab, daemon, ...rest),
    setPaused: async (lab, daemon, ...rest) => (await atDaemon(daemon)).setPaused(lab, daemon, ...rest),
    labs: async (scope = { containers: true }) => merge(await netns.labs(), await containedLabs(scope)),
    remove: async function* (lab, scope = { containers: true }): AsyncGenerator<Removed> {
      const labs = await containedLabs(scope);
      if (labs.some(({ name }) => name === lab)) yield* (await docker()).remove(lab);
      yield* netns.remove(lab);
    },
  };
}

/** Without an engine there are no containers of ours, as far as anybody can tell. */
function unlessUnreachable(error: unknown): readonly RunningLab[] {
  if (error instanceof LabError && error.code === "ENGINE_UNREACHABLE") return [];
  throw error;
}

function isNamespace({ lab, router }: RouterTarget): boolean {
  return labNetns().some((netns) => netns.lab === lab && netns.router === router);
}

/** A lab may have both. */
function merge(some: readonly RunningLab[], others: readonly RunningLab[]): RunningLab[] {
  const byName = Map.groupBy([...some, ...others], ({ name }) => name);
  const labs = Array.from(byName, ([name, parts]) => ({
    name,
    routers: parts.flatMap(({ routers }) => routers),
    containers: parts.flatMap(({ containers = [] }) => containers),
  }));
  return labs.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A daemon that is started as soon as there is a runtime to start it. */
function startLater(docker: Promise<DockerRuntime>, lab: string, daemon: Daemon): Process {
  const process = docker.then((runtime) => runtime.start(lab, daemon));
  const use = (work: (process: Process) => void) => void process.then(work, () => {});
  return {
    pid: 0,
    ended: process.then(
      ({ ended }) => ended,
      (error: unknown) => `cannot be started: ${messageOf(error)}`,
    ),
    feed: (input) => use((process) => process.feed(input)),
    release: () => use((process) => process.release()),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
