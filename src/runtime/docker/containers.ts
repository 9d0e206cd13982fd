import { readFileSync } from "node:fs";
import type { ContainerPlan } from "./container-plans.ts";
import { type Engine, Label, statusOf } from "./engine.ts";
import { EngineError } from "./errors.ts";

/** What programs of routers need beyond what any program may do. */
const capabilities = [
  // Interfaces, addresses, routes; TCP-MD5 and GTSM.
  "NET_ADMIN",
  // Router Advertisements, ping, tcpdump.
  "NET_RAW",
  // Port 179.
  "NET_BIND_SERVICE",
  // Daemons give up their rights, or some of them, when they have started.
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "KILL",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
];

/**
 * What keeps a container there, whatever becomes of its daemon; it shows the router's log to `docker logs` meanwhile.
 *
 * It does so once: a container that is started again has no links.
 */
const keeper = [
  'mkdir /run/fe80.begun 2>/dev/null || { echo "a router that has ended is over: fe80 up makes it anew"; exit 1; }',
  'mkdir -p "$(dirname "$0")"; : >>"$0"; exec tail -n +1 -f "$0"',
].join("\n");

/** Where a container has what asks its daemon, written when that is started. */
export const healthScript = "/run/fe80.health";

const second = 1e9;

/**
 * How the engine looks whether a daemon answers. Starting a program in a container is dear, so it does so once a minute; engines from 25
 * on look earlier the first time.
 */
const health = {
  Test: ["CMD", "sh", healthScript],
  Interval: 60 * second,
  Timeout: 15 * second,
  Retries: 2,
  StartPeriod: 60 * second,
  StartInterval: 15 * second,
};

export interface StartedContainer {
  readonly id: string;
  /** Its first process, by its number on the engine's machine. */
  readonly pid: number;
}

/** Makes and starts a router's container, in which no daemon runs yet. */
export async function startContainer(
  engine: Engine,
  { lab, container }: { lab: string; container: ContainerPlan },
  signal: AbortSignal,
): Promise<StartedContainer> {
  const { name, member, log } = container;
  return await engine.work(`start the container ${name}`, async (docker) => {
    // It may have waited for its turn.
    signal.throwIfAborted();
    const made = await docker.createContainer({
      name,
      Image: container.image,
      Hostname: member,
      User: "0",
      Entrypoint: ["sh", "-c", keeper, log],
      Cmd: [],
      Healthcheck: container.isRouter ? health : { Test: ["NONE"] },
      Labels: { [Label.lab]: lab, [Label.router]: member },
      HostConfig: {
        NetworkMode: "none",
        Init: true,
        RestartPolicy: { Name: "no" },
        CapDrop: ["ALL"],
        CapAdd: [...capabilities, ...container.capabilities],
        Sysctls: { "net.ipv6.conf.all.disable_ipv6": "0", "net.ipv6.conf.default.disable_ipv6": "0" },
        ...(container.memory !== null && { Memory: container.memory }),
        ...(container.cpus !== null && { NanoCpus: Math.round(container.cpus * 1e9) }),
      },
    });
    await made.start();
    return { id: made.id, pid: (await made.inspect()).State.Pid };
  });
}

/** Takes a container away with all that is in it; whether it was there. @throws {EngineError} */
export async function removeContainer(engine: Engine, id: string): Promise<boolean> {
  return await engine.work("remove a container", async () => {
    try {
      await engine.container(id).remove({ force: true, v: true });
      return true;
    } catch (cause) {
      // It is gone, or another command is taking it away.
      if (statusOf(cause) === 404 || statusOf(cause) === 409) return false;
      throw cause;
    }
  });
}

/** The process of a container that runs. @throws {EngineError} */
export async function processOf(engine: Engine, name: string): Promise<number> {
  const { State: state } = await engine.work(`look at the container ${name}`, () =>
    engine.container(name).inspect(),
  );
  if (state.Running) return state.Pid;
  throw new EngineError(`look at the container ${name}`, new Error("it has ended"));
}

/** Whether a container's process is one of this machine: an engine elsewhere has numbers of its own. */
export function isHere({ id, pid }: StartedContainer): boolean {
  try {
    // The control groups of a container's processes have its identifier in their names.
    return readFileSync(`/proc/${pid}/cgroup`, "utf8").includes(id);
  } catch {
    return false;
  }
}
