import Docker from "dockerode";
import type { Clock } from "../../std/clock.ts";
import { createDockerRuntime, type DockerRuntime } from "./docker-runtime.ts";
import { Engine } from "./engine.ts";
import { findEngine, type Surroundings } from "./engine-address.ts";
import { engineOptions } from "./engine-options.ts";
import { EngineAddressError } from "./errors.ts";
import type { Terminal } from "./exec.ts";

/** The runtime of containers on the engine that the user means. Loading this takes longer than making a small lab. */
export function openDocker(
  surroundings: Surroundings,
  { clock, terminal }: { clock: Clock; terminal: Terminal },
): DockerRuntime {
  return createDockerRuntime({ clock, terminal, engine: openEngine(surroundings) });
}

/** The engine that the user means. @throws {EngineAddressError} */
export function openEngine(surroundings: Surroundings): Engine {
  const address = findEngine(surroundings);
  const options = engineOptions(address);
  try {
    return new Engine(address.url, new Docker(options));
  } catch (cause) {
    // It reads what DOCKER_CERT_PATH names, whether that is needed or not.
    throw new EngineAddressError("the certificates cannot be read", cause);
  }
}
