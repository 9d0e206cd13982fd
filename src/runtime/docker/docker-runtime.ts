import type { PlacedFile } from "../../kinds/kind.ts";
import type { NetworkChange } from "../../plan/difference.ts";
import type { Clock } from "../../std/clock.ts";
import { ProgramFailedError } from "../errors.ts";
import { parseNetnsName } from "../netns/netns-name.ts";
import { DAEMON_MARK } from "../netns/process-table.ts";
import type { Command, DaemonName, PlanPart, RouterTarget, Runtime } from "../runtime.ts";
import { Agents } from "./agents.ts";
import { ownImage } from "./container-plans.ts";
import { isHere, processOf, type StartedContainer } from "./containers.ts";
import { startDaemon, writeFiles } from "./daemon.ts";
import type { Engine } from "./engine.ts";
import { EngineElsewhereError } from "./errors.ts";
import { execInside, type Terminal } from "./exec.ts";
import {
  changeContainers,
  makeContainers,
  removeLab,
  requireEngine,
  runningContainers,
  runningLabs,
} from "./lab-containers.ts";
import { captureProgram } from "./program.ts";
import { newProgramMark } from "./program-mark.ts";
import { readFileInside } from "./read-file.ts";
import { scriptOf } from "./script.ts";

export interface DockerRuntimeOptions {
  readonly clock: Clock;
  readonly engine: Engine;
  /** What `exec` is joined to. */
  readonly terminal: Terminal;
}

/** A runtime that can leave it to another one to link its containers. */
export interface DockerRuntime extends Omit<Runtime, "print"> {
  /**
   * Makes the containers of a plan, and nothing in them.
   *
   * @returns paths of their namespaces on this machine, by name @throws {EngineElsewhereError} if they are on another one
   */
  makeContainers(plan: PlanPart, options: { signal: AbortSignal }): Promise<ReadonlyMap<string, string>>;
  /** The same for the steps from one plan to another: those of all containers that the lab has in the end. */
  changeContainers(
    lab: string,
    changes: readonly NetworkChange[],
    options: { signal: AbortSignal },
  ): Promise<ReadonlyMap<string, string>>;
}

/** Runs labs in containers of a Docker Engine: one a router, named `fe80.LAB.ROUTER`, whose daemons are run in it by `exec`. */
export function createDockerRuntime({ clock, engine, terminal }: DockerRuntimeOptions): DockerRuntime {
  const agents = new Agents({ engine, image: ownImage("speaker"), clock });
  const pidOf = (target: RouterTarget) => processOf(engine, nameOf(target));
  const daemonOf = async ({ name, place }: DaemonName) => ({
    name,
    pid: await processOf(engine, containerOf({ place })),
  });
  const inside = (target: RouterTarget, command: Command) => ({ container: nameOf(target), command });
  /** A mark for a program, which is not in our terminal, and a way to send it what the terminal would. */
  const reach = (target: RouterTarget) => {
    const name = newProgramMark();
    const send = (signal: NodeJS.Signals) =>
      void pidOf(target).then((pid) => agents.work(target.lab, "signal", { pid, name }, signal));
    return { env: [`${DAEMON_MARK}=${name}`], send };
  };
  const capture: Runtime["capture"] = async (target, command, { signal, interrupt }) => {
    const { env, send } = reach(target);
    const pass = () => send("SIGINT");
    interrupt?.addEventListener("abort", pass, { once: true });
    try {
      return await captureProgram(engine, inside(target, command), { clock, signal, env });
    } finally {
      interrupt?.removeEventListener("abort", pass);
    }
  };
  return {
    preflight: (plan, { signal }) => requireEngine(engine, plan, signal),
    makeContainers: async (plan, { signal }) => pathsOf(engine, await makeContainers(engine, plan, signal)),
    changeContainers: async (lab, changes, { signal }) =>
      pathsOf(engine, await changeContainers(engine, { lab, changes }, { signal, clock })),
    plumb: async (plan, { signal }) => {
      const made = await makeContainers(engine, plan, signal);
      await agents.work(plan.lab, "plumb", plan, pidsOf(made));
      signal.throwIfAborted();
    },
    survey: async (lab) => {
      const containers = pidsOf(await runningContainers(engine, lab));
      const found = Object.keys(containers).length === 0 ? [] : await agents.work(lab, "survey", containers);
      return {
        interfaces: new Map(found.map(({ name, interfaces }) => [name, interfaces])),
        containers: new Set(found.map(({ name }) => name)),
        daemons: found.flatMap(({ name: container, daemons }) =>
          daemons.map((name) => ({ name, place: { type: "container", name: container } }) as const),
        ),
      };
    },
    alter: async (lab, changes, { signal }) => {
      const containers = await changeContainers(engine, { lab, changes }, { signal, clock });
      await agents.work(lab, "alter", lab, changes, pidsOf(containers));
      signal.throwIfAborted();
    },
    start: (_lab, daemon) => startDaemon(engine, { container: containerOf(daemon), daemon }),
    write: (daemon) => writeFiles(engine, containerOf(daemon), daemon.files),
    run: async (daemon, commands, { signal }) => {
      const command = scriptOf(commands);
      const container = containerOf(daemon);
      const { exitCode, stdout, stderr } = await captureProgram(
        engine,
        { container, command: command.words },
        { clock, signal },
      );
      if (exitCode === 0) return command.split(stdout);
      throw new ProgramFailedError(command.words, { how: `exit code ${exitCode}`, stderr });
    },
    connect: async (socket) => {
      const { container, path } = placeOf(socket);
      const lab = parseNetnsName(container)?.lab ?? "";
      return await agents.connect(lab, { pid: await processOf(engine, container), path });
    },
    readFile: (file, options) => readFileInside(engine, placeOf(file), { ...options, clock }),
    exec: async (target, command, { signal, ctrlC }) => {
      const options = { terminal, clock, signal, ctrlC, ...reach(target) };
      return await execInside(engine, inside(target, command), options);
    },
    capture,
    machineFacts: async (target) => agents.work(target.lab, "machineFacts", await pidOf(target)),
    kernelRoutes: async (target) => agents.work(target.lab, "kernelRoutes", await pidOf(target)),
    interfaces: async (target) => {
      const { signal } = new AbortController();
      const { stdout } = await capture(target, ["ls", "/sys/class/net"], { signal });
      return stdout.split("\n").filter((name) => name !== "lo" && name !== "");
    },
    setInterface: async ({ ifname, ...target }, state) =>
      agents.work(target.lab, "setInterface", await pidOf(target), ifname, state),
    setLoopback: async (target, addresses) =>
      agents.work(target.lab, "setLoopback", await pidOf(target), addresses),
    setDropping: async ({ ifname, ...target }, dropping) =>
      agents.work(target.lab, "setDropping", await pidOf(target), ifname, dropping),
    tap: async (targets, onFrame, filter = []) => {
      const interfaces = await Promise.all(
        targets.map(async ({ ifname, ...target }) => ({ ifname, pid: await pidOf(target) })),
      );
      const lab = targets[0]?.lab ?? "";
      return await agents.tap(lab, { interfaces, filter }, ({ index, sent, octets }) => {
        const target = targets[index];
        if (target) onFrame({ target, sent, octets: Buffer.from(octets, "base64") });
      });
    },
    stateOf: async (lab, daemon) => agents.work(lab, "stateOf", await daemonOf(daemon)),
    stop: async (lab, daemon, { kill } = { kill: false }) =>
      agents.work(lab, "stop", await daemonOf(daemon), kill),
    setPaused: async (lab, daemon, paused) => agents.work(lab, "setPaused", await daemonOf(daemon), paused),
    labs: () => runningLabs(engine),
    remove: (lab) => removeLab(engine, lab, clock),
  };
}

type Containers = ReadonlyMap<string, StartedContainer>;

/** The first processes of containers, by name. */
const pidsOf = (containers: Containers) =>
  Object.fromEntries(Array.from(containers, ([name, { pid }]) => [name, pid]));

/** The namespaces of containers, by name. @throws {EngineElsewhereError} */
function pathsOf({ url }: Engine, containers: Containers): ReadonlyMap<string, string> {
  if (![...containers.values()].every(isHere)) throw new EngineElsewhereError(url);
  return new Map(Array.from(containers, ([name, { pid }]) => [name, `/proc/${pid}/ns/net`]));
}

const nameOf = ({ lab, router }: RouterTarget) => `fe80.${lab}.${router}`;

/** @throws {TypeError} if it does not run in a container */
function containerOf({ place }: Pick<DaemonName, "place">): string {
  if (place.type === "container") return place.name;
  throw new TypeError(`no container, but ${place.type}`);
}

function placeOf({ path, container }: PlacedFile): { container: string; path: string } {
  if (container !== undefined) return { container, path };
  throw new TypeError(`${path} is in no container`);
}
