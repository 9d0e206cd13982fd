import type { Address } from "../../net/address.ts";
import type { NetworkChange } from "../../plan/difference.ts";
import type { Clock } from "../../std/clock.ts";
import { alter } from "../netns/alter.ts";
import { endProcesses } from "../netns/end-processes.ts";
import { setDropping, setInterface } from "../netns/interface.ts";
import { setLoopback } from "../netns/loopback.ts";
import { readKernelRoutes, readMachineFacts } from "../netns/machine-facts.ts";
import { setProcessesPaused, stateOfProcesses } from "../netns/pause-processes.ts";
import { plumb } from "../netns/plumb.ts";
import { listProcesses, type ProcessEntry, signalProcess } from "../netns/process-table.ts";
import { interfacesIn } from "../netns/survey.ts";
import type { InterfaceState, PlanPart } from "../runtime.ts";
import { isProgramMark } from "./program-mark.ts";

/** The first process of a container, by its number on the engine's machine. */
type ContainerPid = number;

/** Of the containers of a lab, by name. */
type ContainerPids = Readonly<Record<string, ContainerPid>>;

/** A daemon in a container. */
interface ContainedDaemon {
  readonly pid: ContainerPid;
  readonly name: string;
}

/** The namespace that a process is in. */
export const netnsOf = (pid: ContainerPid): string => `/proc/${pid}/ns/net`;

const namespacesOf = (pids: ContainerPids) =>
  new Map(Object.entries(pids).map(([name, pid]) => [name, netnsOf(pid)]));

export type AgentWork = ReturnType<typeof createAgentWork>;

const never = new AbortController().signal;

/**
 * What the agent does on the engine's machine, by name: the work of the runtime of namespaces, in those of containers.
 *
 * All arguments and results are JSON.
 */
export function createAgentWork(clock: Clock) {
  return {
    plumb: (plan: PlanPart, pids: ContainerPids) =>
      plumb(plan, { signal: never, existing: namespacesOf(pids) }),
    alter: (lab: string, changes: readonly NetworkChange[], pids: ContainerPids) =>
      alter(lab, changes, { signal: never, existing: namespacesOf(pids) }),
    survey: async (pids: ContainerPids) => surveyContainers(pids),
    machineFacts: async (pid: ContainerPid) => readMachineFacts(netnsOf(pid)),
    kernelRoutes: async (pid: ContainerPid) => readKernelRoutes(netnsOf(pid)),
    setInterface: async (pid: ContainerPid, ifname: string, state: InterfaceState) =>
      setInterface({ netns: netnsOf(pid), ifname }, state),
    setLoopback: async (pid: ContainerPid, addresses: readonly Address[]) =>
      setLoopback(netnsOf(pid), addresses),
    setDropping: async (pid: ContainerPid, ifname: string, dropping: boolean) =>
      setDropping({ netns: netnsOf(pid), ifname }, dropping),
    stateOf: async (daemon: ContainedDaemon) => stateOfProcesses(processesOf(daemon)),
    stop: async (daemon: ContainedDaemon, kill: boolean) => {
      const processes = {
        what: `processes of ${daemon.name}`,
        list: () => processesOf(daemon),
        kills: () => kill,
      };
      for await (const _ of endProcesses(processes, clock));
    },
    setPaused: (daemon: ContainedDaemon, paused: boolean) =>
      setProcessesPaused(() => processesOf(daemon), paused, clock),
    signal: async (daemon: ContainedDaemon, signal: NodeJS.Signals) => {
      for (const process of processesOf(daemon)) signalProcess(process, signal);
    },
  };
}

/** What containers show: the names of their interfaces, and of the daemons in them. */
function surveyContainers(pids: ContainerPids) {
  const processes = Map.groupBy(listProcesses(Object.values(pids)), ({ beside }) => beside);
  return Object.entries(pids).map(([name, pid]) => {
    const daemons = (processes.get(pid) ?? [])
      .flatMap(({ daemon = [] }) => daemon)
      .filter((mark) => !isProgramMark(mark));
    return { name, interfaces: interfacesIn(netnsOf(pid)), daemons: [...new Set(daemons)] };
  });
}

function processesOf({ pid, name }: ContainedDaemon): ProcessEntry[] {
  return listProcesses([pid]).filter(({ daemon }) => daemon === name);
}
