import { readFileSync } from "node:fs";

/** A kernel's setting that forbids ordinary users namespaces of their own, and a value that allows them. */
interface Setting {
  readonly name: string;
  readonly forbids: (value: number) => boolean;
  readonly allow: number;
}

const isNone = (value: number) => value === 0;

const settings: readonly Setting[] = [
  // Debian's own.
  { name: "kernel.unprivileged_userns_clone", forbids: isNone, allow: 1 },
  ...["user", "net", "mnt", "pid"].map((kind) => ({
    name: `user.max_${kind}_namespaces`,
    forbids: isNone,
    allow: 10_000,
  })),
  // Ubuntu's, since 23.10.
  { name: "kernel.apparmor_restrict_unprivileged_userns", forbids: (value) => value !== 0, allow: 0 },
];

/**
 * What keeps ordinary users from namespaces of their own on this machine, with what to do about it.
 *
 * @param root where the settings are, as in sysctl(8)
 * @returns undefined if it is none of the known settings
 */
export function forbiddingSetting(root = "/proc/sys"): string | undefined {
  for (const { name, forbids, allow } of settings) {
    const value = readSetting(`${root}/${name.replaceAll(".", "/")}`);
    if (value !== undefined && forbids(value)) return `${name} is ${value}: sysctl -w ${name}=${allow}`;
  }
  return undefined;
}

/** Whether this process is root in an ordinary user's namespaces alone, where nobody becomes another user (user_namespaces(7)). */
export function isInOwnNamespaces(): boolean {
  try {
    return readFileSync("/proc/self/setgroups", "utf8").trim() === "deny";
  } catch {
    return false;
  }
}

/** @returns undefined where the kernel has no such setting */
function readSetting(path: string): number | undefined {
  try {
    return Number(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
