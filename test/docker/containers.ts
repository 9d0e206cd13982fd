import type { Test } from "tap";
import { fe80, file } from "../e2e/command.ts";
import { docker } from "../support/docker.ts";

/** A topology of that name, in a file; its lab is taken down when the test ends. */
export function topologyOf(t: Test, name: string, text: string): string {
  t.teardown(() => fe80("down", name, "--quiet"));
  return file(t, `name: ${name}\n${text}`, `${name}.yaml`);
}

/** The names of all containers of a lab, agents included. */
export async function containersOf(lab: string): Promise<string[]> {
  const listed = await docker("ps", "--all", "--filter", `label=fe80.lab=${lab}`, "--format", "{{.Names}}");
  return listed
    .split("\n")
    .filter((name) => name !== "")
    .sort();
}
