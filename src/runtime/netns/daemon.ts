import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync, openSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Daemon } from "../../kinds/kind.ts";
import { FileDescriptor } from "../../linux/file-descriptor.ts";
import { inNetns, netnsPath } from "../../linux/netns.ts";
import { createPipe } from "../../linux/pipe.ts";
import { CANNOT_START, DirectoryUnwritableError, ProgramFailedError } from "../errors.ts";
import { findProgram, searchPath } from "../program.ts";
import type { Process } from "../runtime.ts";
import { DAEMON_MARK, LAB_MARK } from "./process-table.ts";

/** What a daemon inherits of our environment. */
const INHERITED = ["HOME", "LANG", "LC_ALL", "TZ", "NODE_COMPILE_CACHE"];

/** Starts a daemon in a session of its own, with its files written and its output going to its log. @throws {RuntimeError} */
export function startDaemon(lab: string, daemon: Daemon, { path }: { path: string }): Process {
  const [program, ...args] = daemon.command;
  const file = findProgram(program, path);
  writeFiles(daemon.files);
  using log = openLog(daemon.log);
  using input = daemon.input === undefined ? undefined : new Input();
  const child = inNetns(namespaceOf(daemon), () =>
    spawn(file, args, {
      cwd: "/",
      detached: true,
      env: { ...environment(path), [LAB_MARK]: lab, [DAEMON_MARK]: daemon.name },
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
  { daemon, input }: { daemon: Daemon; input: Input | undefined },
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
class Input implements Disposable {
  readonly reader: FileDescriptor;
  readonly #writer: FileDescriptor;
  #done = false;

  constructor() {
    ({ reader: this.reader, writer: this.#writer } = createPipe());
  }

  /** Writes all in the background, for a pipe holds less than a large configuration, and closes it. Once at most. */
  feed(text: string): void {
    if (this.#done) return;
    this.#done = true;
    const stream = createWriteStream("", { fd: this.#writer.fd });
    // Whoever does not read to the end has ended, which `ended` tells.
    stream.on("error", () => {});
    stream.end(text);
  }

  /** Nothing will be written any more. */
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

function environment(path: string): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(inherited), PATH: searchPath(path) };
}

function writeFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  // Sessions' keys are in there.
  writeFileSync(path, text, { mode: 0o600 });
}
