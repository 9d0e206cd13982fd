import type { Address } from "../../net/address.ts";
import type { Clock } from "../../std/clock.ts";
import { endProcesses } from "../netns/end-processes.ts";
import { setDropping, setInterface } from "../netns/interface.ts";
import { setLoopback } from "../netns/loopback.ts";
import { readKernelRoutes, readMachineFacts } from "../netns/machine-facts.ts";
import { setProcessesPaused, stateOfProcesses } from "../netns/pause-processes.ts";
import { plumb } from "../netns/plumb.ts";
import { listProcesses, type ProcessEntry, signalProcess } from "../netns/process-table.ts";
import type { InterfaceState, PlanPart } from "../runtime.ts";

/** The first process of a container, by its number on the engine's machine. */
type ContainerPid = number;

/** A daemon in a container. */
interface ContainedDaemon {
  readonly pid: ContainerPid;
  readonly name: string;
}

/** The namespace that a process is in. */
export const netnsOf = (pid: ContainerPid): string => `/proc/${pid}/ns/net`;

export type AgentWork = ReturnType<typeof createAgentWork>;

const never = new AbortController().signal;

/**
 * What the agent does on the engine's machine, by name: the work of the runtime of namespaces, in those of containers.
 *
 * All arguments and results are JSON.
 */
export function createAgentWork(clock: Clock) {
  return {
    /** @param pids of all containers of the plan, by name */
    plumb: (plan: PlanPart, pids: Readonly<Record<string, ContainerPid>>) => {
      const existing = new Map(Object.entries(pids).map(([name, pid]) => [name, netnsOf(pid)]));
      return plumb(plan, { signal: never, existing });
    },
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

function processesOf({ pid, name }: ContainedDaemon): ProcessEntry[] {
  return listProcesses(pid).filter(({ daemon }) => daemon === name);
}
