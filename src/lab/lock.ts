import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { tryLock } from "../linux/file-lock.ts";
import { runDirectory } from "../runtime/directory.ts";
import { DirectoryUnwritableError } from "../runtime/errors.ts";
import type { Directories } from "./environment.ts";
import { LabLockedError } from "./errors.ts";

/** What a command does to which lab, e.g. `{ lab: "ring", command: "up" }`. */
interface Work {
  readonly lab: string;
  readonly command: string;
}

/**
 * Keeps other commands that change a lab away until it is disposed of.
 *
 * The kernel holds the lock for as long as this process has the file open, so a command that was killed keeps nobody away.
 * The file stands beside the lab's directory, and only while a command is at work.
 *
 * @throws {LabLockedError} if another command is at work @throws {DirectoryUnwritableError}
 */
export function lockLab({ lab, command }: Work, directories: Directories): Disposable {
  const path = `${runDirectory(lab, directories.run)}.lock`;
  for (;;) {
    const fd = openFile(path, directories);
    const locked = tryLock(fd);
    // Whoever had it may have taken the file away between our two steps: what we hold is nobody's then.
    if (locked && isAt(fd, path)) {
      sign(fd, command);
      return { [Symbol.dispose]: () => release(fd, path) };
    }
    closeSync(fd);
    if (!locked) throw new LabLockedError(lab, readSignature(path));
  }
}

/** The same for work that must go on whatever state the disk is in. @returns undefined if there can be no lock */
export function lockLabIfWritable(work: Work, directories: Directories): Disposable | undefined {
  try {
    return lockLab(work, directories);
  } catch (error) {
    if (error instanceof DirectoryUnwritableError) return undefined;
    throw error;
  }
}

function openFile(path: string, { run }: Directories): number {
  try {
    mkdirSync(run, { recursive: true });
    return openSync(path, "a", 0o644);
  } catch (cause) {
    throw new DirectoryUnwritableError(cause);
  }
}

function isAt(fd: number, path: string): boolean {
  const [held, named] = [fstatSync(fd), statSync(path, { throwIfNoEntry: false })];
  return named !== undefined && named.ino === held.ino && named.dev === held.dev;
}

/** Whose it is, for the message that others get: on a full disk they get a shorter one. */
function sign(fd: number, command: string): void {
  try {
    ftruncateSync(fd);
    writeSync(fd, `${command} ${process.pid}`);
  } catch {}
}

function readSignature(path: string): { command: string; pid: number } | undefined {
  try {
    const [, command, pid] = /^([\w-]+) (\d+)$/.exec(readFileSync(path, "utf8")) ?? [];
    return command === undefined ? undefined : { command, pid: Number(pid) };
  } catch {
    return undefined;
  }
}

/** The file goes first, while it is still ours. */
function release(fd: number, path: string): void {
  try {
    if (isAt(fd, path)) rmSync(path, { force: true });
  } finally {
    closeSync(fd);
  }
}
