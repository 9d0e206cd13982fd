import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync, openSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Daemon } from "../../kinds/kind.ts";
import { FileDescriptor } from "../../linux/file-descriptor.ts";
import { inNetns, netnsPath } from "../../linux/netns.ts";
import { createPipe } from "../../linux/pipe.ts";
import { CANNOT_START, DirectoryUnwritableError, ProgramFailedError } from "../errors.ts";
import { findProgram } from "../program.ts";
import type { Process } from "../runtime.ts";
import { childEnvironment } from "./child-environment.ts";
import { DAEMON_MARK, LAB_MARK } from "./process-table.ts";
import type { DaemonInput, Standby } from "./standby.ts";

interface Options {
  /** Directories to look for programs in, as in PATH. */
  readonly path: string;
  /** A daemon that was started before, to be taken if it fits. */
  readonly standby?: Standby | undefined;
}

/** Starts a daemon in a session of its own, with its files written and its output going to its log. @throws {RuntimeError} */
export function startDaemon(lab: string, daemon: Daemon, { path, standby }: Options): Process {
  const [program, ...args] = daemon.command;
  const file = findProgram(program, path);
  const marks = { [LAB_MARK]: lab, [DAEMON_MARK]: daemon.name };
  writeFiles(daemon.files);
  using log = openLog(daemon.log);
  if (daemon.place.type === "machine" && daemon.input !== undefined) {
    const ready = standby?.take(daemon.command, { marks, log: daemon.log });
    if (ready) return processOf(ready.child, { daemon, input: ready });
  }
  using input = daemon.input === undefined ? undefined : new PipeInput();
  const child = inNetns(namespaceOf(daemon), () =>
    spawn(file, args, {
      cwd: "/",
      detached: true,
      env: { ...childEnvironment(path), ...marks },
      stdio: [input?.reader.fd ?? "ignore", log.fd, log.fd],
    }),
  );
  return processOf(child, { daemon, input });
}

/** Path of the namespace that a daemon runs in; null for this process's own. */
export function namespaceOf({ place }: Pick<Daemon, "place">): string | null {
  return place.type === "netns" ? netnsPath(place.name) : null;
}

/** Writes what a daemon reads. @throws {DirectoryUnwritableError} */
export function writeFiles(files: Daemon["files"]): void {
  try {
    for (const { path, text } of files) writeFile(path, text);
  } catch (cause) {
    throw new DirectoryUnwritableError(cause);
  }
}

function openLog(log: string): FileDescriptor {
  try {
    mkdirSync(dirname(log), { recursive: true });
    return new FileDescriptor(openSync(log, "a"));
  } catch (cause) {
    throw new DirectoryUnwritableError(cause);
  }
}

function processOf(
  child: ChildProcess,
  { daemon, input }: { daemon: Daemon; input: DaemonInput | undefined },
): Process {
  const ended = endOf(child);
  ended.then(() => input?.abandon());
  if (child.pid === undefined) {
    throw new ProgramFailedError(daemon.command, { how: CANNOT_START, stderr: "" });
  }
  return {
    pid: child.pid,
    feed: (text) => input?.feed(text),
    ended,
    release: () => child.unref(),
  };
}

/** The end of a pipe that a daemon reads from; disposing of it closes only our copy of that end. */
class PipeInput implements DaemonInput, Disposable {
  readonly reader: FileDescriptor;
  readonly #writer: FileDescriptor;
  #done = false;

  constructor() {
    ({ reader: this.reader, writer: this.#writer } = createPipe());
  }

  feed(text: string): void {
    if (this.#done) return;
    this.#done = true;
    const stream = createWriteStream("", { fd: this.#writer.fd });
    // Whoever does not read to the end has ended, which `ended` tells.
    stream.on("error", () => {});
    stream.end(text);
  }

  abandon(): void {
    if (this.#done) return;
    this.#done = true;
    this.#writer[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.reader[Symbol.dispose]();
  }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}

function writeFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  // Sessions' keys are in there.
  writeFileSync(path, text, { mode: 0o600 });
}
