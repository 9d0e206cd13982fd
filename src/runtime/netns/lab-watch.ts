import { existsSync } from "node:fs";
import type { Clock } from "../../std/clock.ts";

const LOOK_EVERY_MS = 1000;

/** What a process of a lab cannot do without. */
export interface LabPaths {
  /** The lab's directory. */
  readonly directory: string;
  /** Paths of namespaces, as of now; any one of them will do. */
  readonly netns: () => readonly string[];
}

/**
 * Calls back once when a lab is gone without having ended its processes: its directory is, or all the namespaces are.
 *
 * It looks once a second: of inotify's instances a machine has 128, and a lab may have more processes.
 */
export function watchLab({ directory, netns }: LabPaths, clock: Clock, onGone: () => void): Disposable {
  let timer: Disposable;
  const look = () => {
    if (!existsSync(directory) || !netns().some((path) => existsSync(path))) return onGone();
    timer = clock.after(LOOK_EVERY_MS, look);
  };
  timer = clock.after(LOOK_EVERY_MS, look);
  return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
}
