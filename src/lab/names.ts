import type { NodePlan, Plan } from "../plan/plan.ts";
import type { InterfaceTarget, RunningLab } from "../runtime/runtime.ts";
import type { Environment } from "./environment.ts";
import { InterfaceUnknownError, LabNameError, LabNotRunningError, RouterUnknownError } from "./errors.ts";
import { labDirectories, mayHaveContainers } from "./lab-directory.ts";
import { readLabName } from "./topology-file.ts";

/**
 * The name of the lab that a user means: its name, or the path of its topology file.
 *
 * No name holds a dot or a slash, so that the two cannot be confused, and a name cannot lead out of a directory.
 *
 * @throws {LabNameError} and what {@link readLabName} throws
 */
async function labNameOf(argument: string): Promise<string> {
  if (/[./]/.test(argument)) return await readLabName(argument);
  if (/^[\w-]+$/.test(argument)) return argument;
  throw new LabNameError(`"${argument}" cannot be the name of a lab`, { hint: "fe80 ls lists the labs" });
}

/** The name of the lab that a user means, running or not, or the names of all of which anything is left. */
export async function labNames(argument: string | undefined, environment: Environment): Promise<string[]> {
  if (argument !== undefined) return [await labNameOf(argument)];
  const running = (await environment.runtime.labs()).map(({ name }) => name);
  return [...new Set([...running, ...(await labDirectories(environment.directories))])].sort();
}

/** The lab that a user means, which is the only one if none is named. @throws {LabNotRunningError} {@link LabNameError} */
export async function runningLab(
  argument: string | undefined,
  environment: Environment,
): Promise<RunningLab> {
  const asked = argument === undefined ? undefined : await labNameOf(argument);
  const containers = asked === undefined || (await mayHaveContainers(asked, environment));
  const labs = await environment.runtime.labs({ containers });
  const names = labs.map(({ name }) => name);
  if (asked === undefined && labs.length !== 1) {
    const hint = labs.length === 0 ? "no lab is running: fe80 up FILE" : `running: ${names.join(", ")}`;
    throw new LabNameError("no lab is named", { hint });
  }
  const name = asked ?? names[0];
  const lab = labs.find((lab) => lab.name === name);
  if (lab === undefined) throw new LabNotRunningError(`${name}`, names);
  return lab;
}

/** @throws {RouterUnknownError} if the lab has no such router, and what {@link runningLab} throws */
export async function runningRouter(
  { lab, router }: { lab: string; router: string },
  environment: Environment,
): Promise<{ lab: string; router: string }> {
  const { name, routers } = await runningLab(lab, environment);
  if (!routers.includes(router)) throw new RouterUnknownError({ lab: name, router, routers });
  return { lab: name, router };
}

/** A router of a plan. @throws {RouterUnknownError} */
export function plannedRouter({ lab, nodes }: Plan, router: string): NodePlan {
  const found = nodes.find(({ name }) => name === router);
  if (!found) throw new RouterUnknownError({ lab, router, routers: nodes.map(({ name }) => name) });
  return found;
}

/** @param endpoint `router:ifname` @throws {InterfaceUnknownError}, and what {@link runningRouter} throws */
export async function runningInterface(
  { lab, endpoint }: { lab: string; endpoint: string },
  environment: Environment,
): Promise<InterfaceTarget> {
  const [name = "", ...rest] = endpoint.split(":");
  const target = await runningRouter({ lab, router: name }, environment);
  const { router } = target;
  const [ifname, ifnames] = [rest.join(":"), await environment.runtime.interfaces(target)];
  if (!ifnames.includes(ifname)) throw new InterfaceUnknownError({ router, ifname, ifnames });
  return { ...target, ifname };
}
