import { connectTo } from "../../bgp/control/connect.ts";
import { netnsPath } from "../../linux/netns.ts";
import type { Plan } from "../../plan/plan.ts";
import type { Clock } from "../../std/clock.ts";
import { runDirectory } from "../directory.ts";
import { NotRootError, PlatformUnsupportedError } from "../errors.ts";
import type { InterfaceTarget, Removed, RouterTarget, RunningLab, Runtime } from "../runtime.ts";
import { namespaceOf, startDaemon, writeFiles } from "./daemon.ts";
import { requireBridges, requireQueues } from "./kernel-features.ts";
import { isMember, labNetns } from "./netns-name.ts";
import { plumb } from "./plumb.ts";
import { listProcesses, type ProcessEntry } from "./process-table.ts";
import type { removeLab } from "./remove.ts";
import type { Standby } from "./standby.ts";

export interface NetnsRuntimeOptions {
  readonly clock: Clock;
  /** Directories to look for programs in, as in PATH; the system's are added. */
  readonly path: string;
  /** Each lab has its own directory in here. */
  readonly runDirectory: string;
  /** A speaker that was started before its lab was known, for the first daemon that it fits. */
  readonly standby?: Standby | undefined;
}

/**
 * Runs labs in network namespaces of this machine: one a router, named `fe80.LAB.ROUTER`.
 *
 * What `up` does not need is loaded when it is used: loading takes longer than making a small lab.
 */
export function createNetnsRuntime(options: NetnsRuntimeOptions): Runtime {
  const { clock, path } = options;
  return {
    preflight: async (plan) => preflight(plan),
    plumb,
    survey: async (lab) => {
      requireRoot();
      return (await import("./survey.ts")).survey(lab);
    },
    alter: async (...change) => await (await import("./alter.ts")).alter(...change),
    start: (lab, daemon) => startDaemon(lab, daemon, options),
    write: async ({ files }) => writeFiles(files),
    run: async (daemon, commands, { signal }) => {
      const { runCommand } = await import("./command.ts");
      const netns = namespaceOf(daemon);
      return await Promise.all(commands.map((command) => runCommand(command, { path, signal, netns })));
    },
    connect: async (socket) => connectTo(socket.path),
    readFile: async function* (file, read) {
      yield* (await import("./read-text.ts")).readText(file.path, { ...read, clock });
    },
    exec: async ({ lab, router }, command, { signal }) => {
      requireRoot();
      const { execCommand } = await import("./command.ts");
      return await execCommand(command, { path, signal, netns: pathOf({ lab, router }) });
    },
    interfaces: async (target) => {
      requireRoot();
      return (await import("./interface.ts")).listInterfaces(pathOf(target));
    },
    setInterface: async (target, state) => {
      requireRoot();
      (await import("./interface.ts")).setInterface(interfaceOf(target), state);
    },
    setLoopback: async (target, addresses) => {
      requireRoot();
      (await import("./loopback.ts")).setLoopback(pathOf(target), addresses);
    },
    setDropping: async (target, dropping) => {
      requireRoot();
      (await import("./interface.ts")).setDropping(interfaceOf(target), dropping);
    },
    tap: async (targets, onFrame, filter) => {
      requireRoot();
      const { tapInterfaces } = await import("./tap.ts");
      return tapInterfaces(
        targets.map(interfaceOf),
        ({ index, ...frame }) => onFrame({ target: targets[index] as InterfaceTarget, ...frame }),
        filter,
      );
    },
    stateOf: async (lab, { name }) =>
      (await import("./pause-processes.ts")).stateOfProcesses(processesOf(lab, name)),
    stop: async (lab, { name }, { kill } = { kill: false }) => {
      requireRoot();
      const list = () => processesOf(lab, name);
      const processes = { what: `processes of ${name}`, list, kills: () => kill };
      const { endProcesses } = await import("./end-processes.ts");
      for await (const _ of endProcesses(processes, clock));
    },
    setPaused: async (lab, { name }, paused) => {
      requireRoot();
      const { setProcessesPaused } = await import("./pause-processes.ts");
      await setProcessesPaused(() => processesOf(lab, name), paused, clock);
    },
    capture: async ({ lab, router }, command, { signal, interrupt }) => {
      requireRoot();
      const { captureCommand } = await import("./command.ts");
      return await captureCommand(command, { path, signal, interrupt, netns: pathOf({ lab, router }) });
    },
    print: async (command, input) =>
      await (await import("./command.ts")).printCommand(command, { path, input }),
    machineFacts: async ({ lab, router }) =>
      inNamespace({ lab, router }, (await import("./machine-facts.ts")).readMachineFacts),
    kernelRoutes: async ({ lab, router }) =>
      inNamespace({ lab, router }, (await import("./machine-facts.ts")).readKernelRoutes) ?? [],
    labs: async () => runningLabs(),
    remove: (lab) => {
      requireRoot();
      return remove(lab, { clock, directory: runDirectory(lab, options.runDirectory) });
    },
  };
}

async function* remove(...removed: Parameters<typeof removeLab>): AsyncGenerator<Removed> {
  yield* (await import("./remove.ts")).removeLab(...removed);
}

/** @throws {PlatformUnsupportedError} @throws {NotRootError} @throws {KernelFeatureMissingError} */
function preflight({ links, segments }: Plan): void {
  if (process.platform !== "linux") {
    throw new PlatformUnsupportedError(`network namespaces are Linux's, and this is ${process.platform}`);
  }
  requireRoot();
  requireQueues([...links, ...segments]);
  if (segments.length > 0) requireBridges();
}

/** Others do not even see which processes are a lab's. @throws {NotRootError} */
function requireRoot(): void {
  if (process.geteuid?.() !== 0) throw new NotRootError();
}

function processesOf(lab: string, daemon: string): ProcessEntry[] {
  return listProcesses().filter((process) => process.lab === lab && process.daemon === daemon);
}

/** Reads something in a router's namespace; undefined if that is not there. */
function inNamespace<T>({ lab, router }: RouterTarget, read: (netns: string) => T): T | undefined {
  requireRoot();
  const isThere = labNetns().some((each) => each.lab === lab && each.router === router);
  return isThere ? read(pathOf({ lab, router })) : undefined;
}

const pathOf = ({ lab, router }: RouterTarget) => netnsPath(`fe80.${lab}.${router}`);

const interfaceOf = ({ ifname, ...router }: InterfaceTarget) => ({ netns: pathOf(router), ifname });

/** Labs that have a namespace, or a process that is marked as theirs. */
function runningLabs(): RunningLab[] {
  const netns = labNetns();
  const marks = listProcesses().flatMap(({ lab }) => lab ?? []);
  const names = new Set([...netns.map(({ lab }) => lab), ...marks]);
  return [...names].sort().map((name) => ({
    name,
    routers: netns.filter(({ lab, router }) => lab === name && isMember(router)).map(({ router }) => router),
  }));
}
