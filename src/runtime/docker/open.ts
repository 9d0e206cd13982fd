import Docker from "dockerode";
import type { Clock } from "../../std/clock.ts";
import { createDockerRuntime, type DockerRuntime } from "./docker-runtime.ts";
import { Engine } from "./engine.ts";
import { engineOptions, findEngine, type Surroundings } from "./engine-address.ts";
import type { Terminal } from "./exec.ts";

/** The runtime of containers on the engine that the user means. Loading this takes longer than making a small lab. */
export function openDocker(
  surroundings: Surroundings,
  { clock, terminal }: { clock: Clock; terminal: Terminal },
): DockerRuntime {
  const address = findEngine(surroundings);
  const docker = new Docker(engineOptions(address, surroundings));
  return createDockerRuntime({ clock, terminal, engine: new Engine(address.url, docker) });
}
