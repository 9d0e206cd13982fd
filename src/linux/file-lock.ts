import { EAGAIN } from "./errno.ts";
import { check, lastErrno, libc } from "./libc.ts";

// sys/file.h
const LOCK_EX = 2;
const LOCK_NB = 4;

/**
 * Locks an open file, unless somebody else has: until it is closed, or the process is gone (flock(2)).
 *
 * @returns whether it is ours now @throws {SystemError}
 */
export function tryLock(fd: number): boolean {
  const result = libc.flock(fd, LOCK_EX | LOCK_NB);
  if (result < 0 && lastErrno() === EAGAIN) return false;
  check(result, "flock", `fd ${fd}`);
  return true;
}
