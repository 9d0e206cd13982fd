import { listNetns, netnsPath } from "../../linux/netns.ts";

/** A router's namespace: `fe80.LAB.ROUTER`. */
export interface LabNetns {
  readonly name: string;
  readonly path: string;
  readonly lab: string;
  readonly router: string;
}

/** The namespaces of labs on this machine, half-made ones included. */
export function labNetns(): LabNetns[] {
  return listNetns().flatMap((name) => parseNetnsName(name) ?? []);
}

/** The name of a member's namespace. */
export const memberNetns = (lab: string, member: string) => `fe80.${lab}.${member}`;

/** Whether a namespace is a router's or a host's; what a lab has besides begins with `_`, as no name does. */
export function isMember(router: string): boolean {
  return !router.startsWith("_");
}

/** @returns undefined if the name is not of a lab; `fe80` is no lab's only part, and no part holds a dot */
export function parseNetnsName(name: string): LabNetns | undefined {
  const [, lab, router] = /^fe80\.([^.]+)\.([^.]+)$/.exec(name) ?? [];
  return lab && router ? { name, path: netnsPath(name), lab, router } : undefined;
}
