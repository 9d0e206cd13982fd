import { randomUUID } from "node:crypto";
import type { Test } from "tap";
import { fe80, file } from "../e2e/command.ts";
import { docker } from "../support/docker.ts";

/** A name for a lab that no other run of the tests has, on an engine that they may share. */
export const labName = (purpose: string): string => `dk-${purpose}-${randomUUID().slice(0, 8)}`;

/** A topology of that name, in a file; its lab is taken down when the test ends. */
export function topologyOf(t: Test, name: string, text: string): string {
  t.teardown(() => fe80("down", name, "--quiet"));
  return file(t, `name: ${name}\n${text}`, `${name}.yaml`);
}

/** The names of all containers of a lab, agents included unless they are to be left out. */
export async function containersOf(lab: string, { agents } = { agents: true }): Promise<string[]> {
  const format = '{{.Label "fe80.router"}} {{.Names}}';
  const listed = await docker("ps", "--all", "--filter", `label=fe80.lab=${lab}`, "--format", format);
  return listed
    .split("\n")
    .filter((line) => line !== "" && (agents || !line.startsWith("_agent ")))
    .map((line) => line.replace(/^\S+ /, ""))
    .sort();
}

/** Variables of this process for the commands that it starts meanwhile; an empty text is none. */
export async function withVariables<T>(
  variables: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  const before = { ...process.env };
  try {
    for (const [name, value] of Object.entries(variables)) set(name, value);
    return await work();
  } finally {
    for (const name of Object.keys(variables)) set(name, before[name] ?? "");
  }
}

function set(name: string, value: string): void {
  if (value === "") delete process.env[name];
  else process.env[name] = value;
}
