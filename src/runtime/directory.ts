/** Where each lab has its own directory, gone when the machine restarts. */
export const RUN_DIRECTORY = "/run/fe80";

/** A lab's directory: its plan, configurations, sockets and logs. */
export function runDirectory(lab: string, root: string = RUN_DIRECTORY): string {
  return `${root}/${lab}`;
}
