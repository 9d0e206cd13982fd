import type { Plan } from "./plan.ts";

type Members = Pick<Plan, "nodes" | "hosts" | "segments">;

/** Whether anything of a lab is a container. */
export function hasContainers(plan: Members): boolean {
  return membersOf(plan).some(({ container }) => container);
}

/** Whether anything of a lab is a namespace of the machine that the command runs on. */
export function hasNamespaces(plan: Members): boolean {
  return membersOf(plan).some(({ container }) => !container);
}

function membersOf({ nodes, hosts, segments }: Members) {
  return [...nodes, ...hosts, ...segments];
}
