import { randomUUID } from "node:crypto";
import type { PlacedFile } from "../../kinds/kind.ts";
import type { Clock } from "../../std/clock.ts";
import { ProgramFailedError } from "../errors.ts";
import { DAEMON_MARK } from "../netns/process-table.ts";
import type { Command, DaemonName, PlanPart, RouterTarget, Runtime } from "../runtime.ts";
import { Agents } from "./agents.ts";
import { ownImage } from "./container-plans.ts";
import { isHere, processOf } from "./containers.ts";
import { connectInside } from "./control-stream.ts";
import { startDaemon, writeFiles } from "./daemon.ts";
import type { Engine } from "./engine.ts";
import { EngineElsewhereError } from "./errors.ts";
import { execInside, type Terminal } from "./exec.ts";
import { makeContainers, removeLab, requireEngine, runningLabs } from "./lab-containers.ts";
import { captureProgram } from "./program.ts";
import { readFileInside } from "./read-file.ts";
import { scriptOf } from "./script.ts";

export interface DockerRuntimeOptions {
  readonly clock: Clock;
  readonly engine: Engine;
  /** What `exec` is joined to. */
  readonly terminal: Terminal;
}

/** A runtime that can leave it to another one to link its containers. */
export interface DockerRuntime extends Omit<Runtime, "survey" | "alter" | "print"> {
  /**
   * Makes the containers of a plan, and nothing in them.
   *
   * @returns paths of their namespaces on this machine, by name @throws {EngineElsewhereError} if they are on another one
   */
  makeContainers(plan: PlanPart, options: { signal: AbortSignal }): Promise<ReadonlyMap<string, string>>;
}

/** Runs labs in containers of a Docker Engine: one a router, named `fe80.LAB.ROUTER`, whose daemons are run in it by `exec`. */
export function createDockerRuntime({ clock, engine, terminal }: DockerRuntimeOptions): DockerRuntime {
  const agents = new Agents(engine, ownImage("speaker"));
  const pidOf = (target: RouterTarget) => processOf(engine, nameOf(target));
  const daemonOf = async ({ name, place }: DaemonName) => ({
    name,
    pid: await processOf(engine, containerOf({ place })),
  });
  const inside = (target: RouterTarget, command: Command) => ({ container: nameOf(target), command });
  /** A mark for a program, which is not in our terminal, and a way to send it what the terminal would. */
  const reach = (target: RouterTarget) => {
    const name = `exec-${randomUUID()}`;
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
    makeContainers: async (plan, { signal }) => {
      const made = await makeContainers(engine, plan, signal);
      if (![...made.values()].every(isHere)) throw new EngineElsewhereError(engine.url);
      return new Map(Array.from(made, ([name, { pid }]) => [name, `/proc/${pid}/ns/net`]));
    },
    plumb: async (plan, { signal }) => {
      const made = await makeContainers(engine, plan, signal);
      const pids = Object.fromEntries(Array.from(made, ([name, { pid }]) => [name, pid]));
      await agents.work(plan.lab, "plumb", plan, pids);
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
    connect: (socket) => connectInside(engine, placeOf(socket)),
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
