import { availableParallelism, homedir } from "node:os";
import { fileURLToPath } from "node:url";
import type { Directories, Environment } from "../lab/environment.ts";
import type { Standby } from "../runtime/netns/standby.ts";
import { systemClock } from "../std/clock.ts";

/** Where labs of this machine are. */
export const directories: Directories = { run: "/run/fe80", netns: "/run/netns" };

/** How labs start speakers here. */
export const speakers: Pick<Environment, "speaker" | "processes"> = {
  speaker: { node: process.execPath, program: speakerProgram() },
  processes: availableParallelism(),
};

/** Where a Docker Engine is looked for. */
const surroundings = { variables: process.env, home: homedir() };

/**
 * This machine, and the real time. Loaded only for work on labs: the runtime brings the kernel's door with it.
 *
 * @param options.standby a speaker that waits for its lab
 */
export async function machineEnvironment({
  standby,
}: {
  standby?: Standby | undefined;
} = {}): Promise<Environment> {
  const [{ createMachineRuntime }, { findProgram }, { createControl }] = await Promise.all([
    import("../runtime/machine-runtime.ts"),
    import("../runtime/program.ts"),
    import("../lab/control.ts"),
  ]);
  const path = process.env["PATH"] ?? "";
  const runtime = createMachineRuntime({
    clock: systemClock,
    path,
    runDirectory: directories.run,
    standby,
    engine: surroundings,
    terminal: { input: process.stdin, output: process.stdout, errors: process.stderr },
  });
  return {
    runtime,
    clock: systemClock,
    control: createControl(runtime),
    directories,
    ...speakers,
    findProgram: (name) => findProgram(name, path),
  };
}

/** The container images of this version, and what the engine has of them. */
export async function machineImages() {
  const { listImages } = await import("../runtime/docker/images.ts");
  return await listImages(surroundings);
}

/** TypeScript in the sources, JavaScript in the package, as this file is. */
function speakerProgram(): string {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`../bin/fe80-speaker.${extension}`, import.meta.url));
}
