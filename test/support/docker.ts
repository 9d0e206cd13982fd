import { execFile, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

/** Why tests that need a Docker Engine cannot run, for tap's `skip`; false if one answers. */
export const withoutEngine =
  spawnSync("docker", ["version"], { stdio: "ignore" }).status !== 0 &&
  "no Docker Engine answers: node test/support/engine.ts COMMAND brings one";

/** Runs `docker` and gives what it wrote to standard output. @throws if it fails */
export async function docker(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("docker", args);
  return stdout.trim();
}

/** Waits until a container has had an event, e.g. `health_status: healthy`. @throws if it has ended, or after 30 s */
export async function hasHad(container: string, event: string): Promise<void> {
  const options = ["--since", "10m", "--filter", `container=${container}`, "--format", "{{.Status}}"];
  const events = spawn("docker", ["events", ...options]);
  AbortSignal.timeout(30_000).addEventListener("abort", () => events.kill());
  try {
    for await (const line of createInterface(events.stdout)) {
      if (line === event) return;
      if (line === "die") break;
    }
  } finally {
    events.kill();
  }
  throw new Error(`${container} has had no ${event}`);
}
