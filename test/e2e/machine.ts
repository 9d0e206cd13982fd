import { existsSync, globSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { nothing, traces } from "./command.ts";

/** Each line of a file that has to do with a lab. */
const linesAbout = (lab: string, path: string) =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line.includes(lab));

/** Wider than `traces`: all that a lab could leave on a machine, and the machine's own links, addresses and routes. */
export function machine(lab: string) {
  return {
    ...traces(lab),
    mounts: linesAbout(lab, "/proc/self/mountinfo"),
    sockets: linesAbout(lab, "/proc/net/unix"),
    files: ["/run/fe80", "/run/netns", tmpdir(), "/dev/shm"]
      .filter(existsSync)
      .flatMap((directory) =>
        readdirSync(directory).filter((name) => name.includes(lab) && !name.startsWith("fe80-e2e-")),
      ),
    memoryCgroups: memoryCgroups(),
  };
}

/** The control groups that account for memory (cgroups(7)), but for those of containers, which come and go beside a test. */
function memoryCgroups(): string[] {
  const cwd = ["/sys/fs/cgroup/memory", "/sys/fs/cgroup"].find((directory) => existsSync(directory)) ?? "";
  return globSync("**/", { cwd, exclude: (name) => name.startsWith("docker") }).sort();
}

/** What `machine` finds when a lab is gone, given what it found before that was made. */
export function asBefore(before: ReturnType<typeof machine>): ReturnType<typeof machine> {
  return { ...before, ...nothing(before), mounts: [], sockets: [], files: [] };
}
