/** Where each lab has its own directory, gone when the machine restarts. */
export const RUN_DIRECTORY = "/run/fe80";

/** Where the machine's own /run is in the namespaces of an ordinary user, who has an empty one there. */
export const MACHINE_RUN = "/run/machine";

/** A lab's directory: its plan, configurations, sockets and logs. */
export function runDirectory(lab: string, root: string = RUN_DIRECTORY): string {
  return `${root}/${lab}`;
}
