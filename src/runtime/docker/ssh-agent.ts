import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { Agent } from "node:http";
import { Duplex } from "node:stream";
import { SshError } from "./errors.ts";

/** An engine's machine, as in `ssh://USER@HOST:PORT/PATH`; what is empty is ssh's to know. */
interface SshHost {
  readonly host: string;
  readonly port: string;
  readonly username: string;
  /** Of the engine's socket there. */
  readonly path: string;
}

/**
 * Connects to an engine as `docker` does: by ssh(1), with all that the user has set for it, and `docker system dial-stdio` at the
 * far end.
 *
 * A connection is used again, for it takes long to come.
 */
export class SshAgent extends Agent {
  readonly #command: readonly string[];
  readonly #children = new WeakMap<Duplex, ChildProcess>();

  constructor(host: SshHost) {
    super({ keepAlive: true });
    this.#command = commandOf(host);
  }

  override createConnection(): Duplex {
    // Ctrl-C is not meant for it: what was begun may have to be undone over it.
    const child = spawn("ssh", this.#command, { detached: true, stdio: "pipe" });
    const stream = join(child);
    this.#children.set(stream, child);
    return stream;
  }

  /** A connection that nobody uses keeps no process from ending. */
  override keepSocketAlive(stream: Duplex): boolean {
    for (const handle of this.#handlesOf(stream)) handle.unref();
    return true;
  }

  override reuseSocket(stream: Duplex): void {
    for (const handle of this.#handlesOf(stream)) handle.ref();
  }

  #handlesOf(stream: Duplex): readonly Handle[] {
    const child = this.#children.get(stream);
    return child ? [child, ...(child.stdio as unknown as readonly Handle[])] : [];
  }
}

interface Handle {
  ref(): void;
  unref(): void;
}

function commandOf({ host, port, username, path }: SshHost): string[] {
  const far = path === "" || path === "/" ? ["docker"] : ["docker", "--host", `unix://${path}`];
  return [
    ...["-T", "-o", "ConnectTimeout=30"],
    ...(username === "" ? [] : ["-l", username]),
    ...(port === "" ? [] : ["-p", port]),
    ...["--", host.replace(/^\[(.*)\]$/, "$1"), ...far, "system", "dial-stdio"],
  ];
}

/** A program's standard streams as one; that it fails is an error of the stream, in its own words. */
function join(child: ChildProcessWithoutNullStreams): Duplex {
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  // Whoever does not read its input has ended, which is told.
  child.stdin.on("error", () => {});
  const stream = new Duplex({
    read: () => void child.stdout.resume(),
    write: (chunk, _encoding, done) => void child.stdin.write(chunk, () => done()),
    final: (done) => void child.stdin.end(() => done()),
    destroy: (error, done) => {
      child.kill();
      done(error);
    },
  });
  child.stdout.on("data", (chunk) => {
    if (!stream.push(chunk)) child.stdout.pause();
  });
  child.once("error", ({ message }) => stream.destroy(new SshError(message)));
  child.once("close", (code) => {
    if (code === 0) stream.push(null);
    else stream.destroy(new SshError(complaint.trim().replaceAll(/\r?\n/g, "\n  ")));
  });
  return stream;
}
