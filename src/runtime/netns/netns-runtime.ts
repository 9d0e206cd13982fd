import { connectTo } from "../../bgp/control/connect.ts";
import { netnsPath } from "../../linux/netns.ts";
import type { Plan } from "../../plan/plan.ts";
import type { Clock } from "../../std/clock.ts";
import { runDirectory } from "../directory.ts";
import { NotRootError, PlatformUnsupportedError } from "../errors.ts";
import type { InterfaceTarget, RouterTarget, RunningLab, Runtime } from "../runtime.ts";
import { alter } from "./alter.ts";
import { captureCommand, execCommand, printCommand, runCommand } from "./command.ts";
import { namespaceOf, startDaemon, writeFiles } from "./daemon.ts";
import { endProcesses } from "./end-processes.ts";
import { listInterfaces, setDropping, setInterface, setLoopback } from "./interface.ts";
import { requireBridges, requireQueues } from "./kernel-features.ts";
import { readKernelRoutes, readMachineFacts } from "./machine-facts.ts";
import { isMember, labNetns } from "./netns-name.ts";
import { setProcessesPaused, stateOfProcesses } from "./pause-processes.ts";
import { plumb } from "./plumb.ts";
import { listProcesses, type ProcessEntry } from "./process-table.ts";
import { readText } from "./read-text.ts";
import { removeLab } from "./remove.ts";
import { survey } from "./survey.ts";
import { tapInterfaces } from "./tap.ts";

export interface NetnsRuntimeOptions {
  readonly clock: Clock;
  /** Directories to look for programs in, as in PATH; the system's are added. */
  readonly path: string;
  /** Each lab has its own directory in here. */
  readonly runDirectory: string;
}

/** Runs labs in network namespaces of this machine: one a router, named `fe80.LAB.ROUTER`. */
export function createNetnsRuntime(options: NetnsRuntimeOptions): Runtime {
  const { clock, path } = options;
  return {
    preflight: async (plan) => preflight(plan),
    plumb,
    survey: async (lab) => {
      requireRoot();
      return survey(lab);
    },
    alter,
    start: (lab, daemon) => startDaemon(lab, daemon, { path }),
    write: async ({ files }) => writeFiles(files),
    run: (daemon, commands, { signal }) => {
      const netns = namespaceOf(daemon);
      return Promise.all(commands.map((command) => runCommand(command, { path, signal, netns })));
    },
    connect: async (socket) => connectTo(socket.path),
    readFile: (file, read) => readText(file.path, { ...read, clock }),
    exec: async ({ lab, router }, command, { signal }) => {
      requireRoot();
      return await execCommand(command, { path, signal, netns: pathOf({ lab, router }) });
    },
    interfaces: async (target) => {
      requireRoot();
      return listInterfaces(pathOf(target));
    },
    setInterface: async (target, state) => {
      requireRoot();
      setInterface(interfaceOf(target), state);
    },
    setLoopback: async (target, addresses) => {
      requireRoot();
      setLoopback(pathOf(target), addresses);
    },
    setDropping: async (target, dropping) => {
      requireRoot();
      setDropping(interfaceOf(target), dropping);
    },
    tap: async (targets, onFrame, filter) => {
      requireRoot();
      return tapInterfaces(
        targets.map(interfaceOf),
        ({ index, ...frame }) => onFrame({ target: targets[index] as InterfaceTarget, ...frame }),
        filter,
      );
    },
    stateOf: async (lab, { name }) => stateOfProcesses(processesOf(lab, name)),
    stop: async (lab, { name }, { kill } = { kill: false }) => {
      requireRoot();
      const list = () => processesOf(lab, name);
      const processes = { what: `processes of ${name}`, list, kills: () => kill };
      for await (const _ of endProcesses(processes, clock));
    },
    setPaused: async (lab, { name }, paused) => {
      requireRoot();
      await setProcessesPaused(() => processesOf(lab, name), paused, clock);
    },
    capture: async ({ lab, router }, command, { signal, interrupt }) => {
      requireRoot();
      return await captureCommand(command, { path, signal, interrupt, netns: pathOf({ lab, router }) });
    },
    print: (command, input) => printCommand(command, { path, input }),
    machineFacts: async ({ lab, router }) => inNamespace({ lab, router }, readMachineFacts),
    kernelRoutes: async ({ lab, router }) => inNamespace({ lab, router }, readKernelRoutes) ?? [],
    labs: async () => runningLabs(),
    remove: (lab) => {
      requireRoot();
      return removeLab(lab, { clock, directory: runDirectory(lab, options.runDirectory) });
    },
  };
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
