import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
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
 * A connection takes long to come, and is used again.
 */
export class SshAgent extends Agent {
  readonly #command: readonly string[];

  constructor(host: SshHost) {
    super({ keepAlive: true });
    this.#command = commandOf(host);
  }

  override createConnection(): Duplex {
    return new SshStream(this.#command);
  }

  /** A connection that nobody uses keeps no process from ending. */
  override keepSocketAlive(stream: Duplex): boolean {
    (stream as SshStream).unref();
    return true;
  }
}

function commandOf({ host, port, username, path }: SshHost): string[] {
  const docker = path === "" || path === "/" ? ["docker"] : ["docker", "--host", `unix://${path}`];
  return [
    ...["-T", "-o", "ConnectTimeout=30"],
    ...(username === "" ? [] : ["-l", username]),
    ...(port === "" ? [] : ["-p", port]),
    ...["--", host.replace(/^\[(.*)\]$/, "$1"), ...docker, "system", "dial-stdio"],
  ];
}

/** The standard streams of ssh(1) as one; that it fails is an error of the stream, in its own words. */
class SshStream extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;

  constructor(command: readonly string[]) {
    super();
    // Ctrl-C is not meant for it: what was begun may have to be undone over it.
    const child = spawn("ssh", command, { detached: true });
    this.#child = child;
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint += text;
    });
    child.stdout.on("data", (chunk) => {
      if (!this.push(chunk)) child.stdout.pause();
    });
    // Whoever does not read its input has ended, which is told.
    child.stdin.on("error", () => {});
    child.once("error", ({ message }) => this.destroy(new SshError(message)));
    child.once("close", (code) => {
      if (code === 0) this.push(null);
      else this.destroy(new SshError(complaint.trim().replaceAll(/\r?\n/g, "\n  ")));
    });
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    this.#child.stdin.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#child.kill();
    done(error);
  }

  ref(): void {
    for (const handle of this.#handles) handle.ref();
  }

  unref(): void {
    for (const handle of this.#handles) handle.unref();
  }

  get #handles(): readonly Pick<NodeJS.Timeout, "ref" | "unref">[] {
    const { stdin, stdout, stderr } = this.#child;
    return [this.#child, stdin, stdout, stderr] as unknown as NodeJS.Timeout[];
  }
}
