import { constants, mkdirSync, readdirSync, statSync, unlinkSync } from "node:fs";
import { EINVAL, ENOENT } from "./errno.ts";
import { FileDescriptor, fromNode } from "./file-descriptor.ts";
import { check, lastErrno, libc } from "./libc.ts";
import { SystemError } from "./system-error.ts";

/** Where `ip netns` keeps names of network namespaces (ip-netns(8)). */
export const NETNS_DIRECTORY = "/run/netns";

/** The calling thread's own network namespace, whatever it is just now. */
const OWN_NETNS = "/proc/thread-self/ns/net";

// sched.h, sys/mount.h, sys/file.h
const CLONE_NEWNET = 0x4000_0000;
const MS_BIND = 0x1000;
const MS_REC = 0x4000;
const MS_SHARED = 1 << 20;
const MNT_DETACH = 2;
const LOCK_EX = 2;

export function netnsPath(name: string): string {
  return `${NETNS_DIRECTORY}/${name}`;
}

/** Names in the directory, half-made ones included; sorted. */
export function listNetns(): string[] {
  try {
    return readdirSync(NETNS_DIRECTORY).sort();
  } catch (error) {
    if (isErrno(fromNode("readdir", NETNS_DIRECTORY, error), ENOENT)) return [];
    throw error;
  }
}

/**
 * Identifies the namespace behind a path, to compare with `/proc/PID/ns/net`.
 *
 * @returns undefined if there is nothing, or a file on which no namespace is mounted
 */
export function netnsInode(path: string): number | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && found.dev === statSync(OWN_NETNS).dev ? found.ino : undefined;
}

/**
 * Makes a network namespace that `ip netns` knows too, and runs `body` inside, as {@link inNetns} would.
 *
 * @throws {SystemError} EEXIST if the name is taken; what the body throws, with nothing left
 */
export function createNetns(name: string, body: () => void = () => {}): void {
  shareDirectory();
  const path = netnsPath(name);
  FileDescriptor.open(path, constants.O_CREAT | constants.O_EXCL)[Symbol.dispose]();
  try {
    using own = FileDescriptor.open(OWN_NETNS);
    check(libc.unshare(CLONE_NEWNET), "unshare", path);
    try {
      check(libc.mount(OWN_NETNS, path, "none", MS_BIND, null), "mount", path);
      body();
    } finally {
      enter(own, "the namespace we came from");
    }
  } catch (error) {
    deleteNetns(name);
    throw error;
  }
}

/** Removes a namespace's name, half-made or not; the kernel takes the rest away. Safe to repeat. @throws {SystemError} */
export function deleteNetns(name: string): void {
  const path = netnsPath(name);
  while (libc.umount2(path, MNT_DETACH) === 0);
  const errno = lastErrno();
  if (errno !== EINVAL && errno !== ENOENT) throw new SystemError({ call: "umount", object: path, errno });
  try {
    unlinkSync(path);
  } catch (error) {
    const failure = fromNode("unlink", path, error);
    if (!isErrno(failure, ENOENT)) throw failure;
  }
}

/**
 * Runs `body` with the thread inside another network namespace, and always comes back; null stays here.
 *
 * A socket belongs to the namespace it was made in, so the body may be short. It must be synchronous: whatever it
 * awaits would run outside, and other tasks inside. @throws {SystemError} if there is no such namespace
 */
export function inNetns<T>(path: string | null, body: () => T): T {
  if (path === null) return body();
  using own = FileDescriptor.open(OWN_NETNS);
  using target = FileDescriptor.open(path);
  enter(target, path);
  try {
    return body();
  } finally {
    enter(own, "the namespace we came from");
  }
}

/** Runs `body` with the thread inside a new network namespace without a name, and always comes back. Synchronous, as {@link inNetns}. */
export function inNewNetns<T>(body: () => T): T {
  using own = FileDescriptor.open(OWN_NETNS);
  check(libc.unshare(CLONE_NEWNET), "unshare", "a new namespace");
  try {
    return body();
  } finally {
    enter(own, "the namespace we came from");
  }
}

function enter(netns: FileDescriptor, name: string): void {
  check(libc.setns(netns.fd, CLONE_NEWNET), "setns", name);
}

let isShared = false;

/** As iproute2 does: a shared mount, so that namespaces made in one mount namespace are seen, and freed, in all. */
function shareDirectory(): void {
  if (isShared) return;
  mountShared();
  isShared = true;
}

function mountShared(): void {
  mkdirSync(NETNS_DIRECTORY, { recursive: true, mode: 0o755 });
  using directory = FileDescriptor.open(NETNS_DIRECTORY);
  check(libc.flock(directory.fd, LOCK_EX), "flock", NETNS_DIRECTORY);
  if (libc.mount("", NETNS_DIRECTORY, "none", MS_SHARED | MS_REC, null) === 0) return;
  if (lastErrno() !== EINVAL) check(-1, "mount", NETNS_DIRECTORY);
  const bind = libc.mount(NETNS_DIRECTORY, NETNS_DIRECTORY, "none", MS_BIND | MS_REC, null);
  check(bind, "mount", NETNS_DIRECTORY);
  check(libc.mount("", NETNS_DIRECTORY, "none", MS_SHARED | MS_REC, null), "mount", NETNS_DIRECTORY);
}

function isErrno(thrown: unknown, errno: number): boolean {
  return thrown instanceof SystemError && thrown.errno === errno;
}
