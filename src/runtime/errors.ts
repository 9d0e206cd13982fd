import { LabError, messageOf } from "../std/errors.ts";

/** The machine did not do what a lab needs. */
export abstract class RuntimeError extends LabError {}

/** Not a machine for this runtime. */
export class PlatformUnsupportedError extends RuntimeError {
  readonly code = "PLATFORM_UNSUPPORTED";
}

/** Only root makes network namespaces. */
export class NotRootError extends RuntimeError {
  readonly code = "NOT_ROOT";

  constructor() {
    super("labs of network namespaces are only for root", { hint: "run the command with sudo" });
  }
}

/** The kernel does not let ordinary users have namespaces of their own; `why` names the setting, or has the kernel's word. */
export class RootlessForbiddenError extends RuntimeError {
  readonly code = "ROOTLESS_FORBIDDEN";

  constructor(why: string) {
    super(`an ordinary user cannot have namespaces here: ${why}`, {
      hint: "change the setting, leave a container that forbids it, or run the command with sudo",
    });
  }
}

/** The kernel was built without something that the lab needs; `cause` is the system call. */
export class KernelFeatureMissingError extends RuntimeError {
  readonly code = "KERNEL_FEATURE_MISSING";
}

/** What a lab keeps on disk cannot be written; `cause` is why. */
export class DirectoryUnwritableError extends RuntimeError {
  readonly code = "DIRECTORY_UNWRITABLE";

  constructor(cause: unknown) {
    super(`the lab's directory cannot be written: ${messageOf(cause)}`, {
      cause,
      hint: "its plan, configurations, sockets and logs are kept there: is there room, and may it be written?",
    });
  }
}

/** The kernel refused a namespace, a link or an address; `cause` is the system call. */
export class PlumbingError extends RuntimeError {
  readonly code = "PLUMBING_FAILED";
  /** What was being made, e.g. `"link r1:eth0 -- r2:eth0"`. */
  readonly step: string;

  constructor(step: string, cause: unknown) {
    super(`${step}: ${messageOf(cause)}`, { cause });
    this.step = step;
  }
}

/** A program is in none of the directories of PATH. */
export class ProgramNotFoundError extends RuntimeError {
  readonly code = "PROGRAM_NOT_FOUND";
  readonly program: string;

  constructor(program: string, path: string) {
    const looked = `looked in ${path.replaceAll(":", ", ")}`;
    const hint = program.includes("/") ? "a path must be that of an executable file" : looked;
    super(`there is no program ${program}`, { hint });
    this.program = program;
  }
}

/** A file of a lab's, such as a log, is not there. */
export class FileMissingError extends RuntimeError {
  readonly code = "FILE_MISSING";

  constructor(path: string, cause?: unknown) {
    super(`there is no file ${path}`, { cause });
  }
}

/** How a program ended that never began: it was found, and may be executed. */
export const CANNOT_START = "cannot be started: there are too many processes, or there is too little memory";

/** A program could not be started, or ended with an error. */
export class ProgramFailedError extends RuntimeError {
  readonly code = "PROGRAM_FAILED";
  readonly command: readonly string[];

  /** @param how `"exit code 1"`, `"SIGKILL"` @param stderr whose last lines are quoted */
  constructor(command: readonly string[], { how, stderr }: { how: string; stderr: string }) {
    const lines = stderr.trimEnd().split("\n").slice(-5);
    super([`${command.join(" ")}: ${how}`, ...lines.filter((line) => line !== "")].join("\n  "));
    this.command = command;
  }
}

/** Something of a lab does not go away. */
export class RemovalError extends RuntimeError {
  readonly code = "REMOVAL_FAILED";
}
