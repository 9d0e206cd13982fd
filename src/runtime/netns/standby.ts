import { type ChildProcess, spawn } from "node:child_process";
import type { Writable } from "node:stream";
import { isDeepStrictEqual } from "node:util";
import type { KindContext } from "../../kinds/kind.ts";
import { speakerCommand } from "../../kinds/speaker-command.ts";
import { childEnvironment } from "./child-environment.ts";

/** What a daemon reads from. */
export interface DaemonInput {
  /** Writes all in the background, for a pipe holds less than a large configuration, and closes it. Once at most. */
  feed(text: string): void;
  /** Nothing will be written any more. */
  abandon(): void;
}

/** What a process on standby is told first, on a line of its own: whose it is from now on. */
export interface Papers {
  /** Its environment has these in the place of {@link PLACEHOLDER}. */
  readonly marks: Readonly<Record<string, string>>;
  /** Path of the file that is its standard output and standard error from now on; it is there. */
  readonly log: string;
}

/** The variable that keeps room for marks in the environment of a process on standby. */
export const PLACEHOLDER = "FE80_STANDBY";

/** Octets that all marks together may have. */
const ROOM = 256;

type WithInput = ChildProcess & { readonly stdin: Writable };

/** How to start our own speaker, and where it is to look for programs, as in PATH. */
interface Options extends Pick<KindContext, "speaker"> {
  readonly path: string;
}

type Command = readonly [program: string, ...args: string[]];

/**
 * A daemon that was started before anybody knew which lab it is for, so that it loads while its command does.
 *
 * It is nobody's until it is taken, and ends by itself if that never happens: with us, what it reads from ends.
 */
export class Standby implements Disposable {
  readonly #command: Command;
  #child: WithInput | undefined;

  private constructor(command: Command, child: WithInput) {
    this.#command = command;
    this.#child = child;
    // One that cannot be started is no more than one that is not there.
    child.on("error", () => {});
    child.stdin.on("error", () => {});
    child.unref();
  }

  /** Starts a speaker; it begins when it is taken, and has been fed. */
  static start({ speaker, path }: Options): Standby {
    const command = speakerCommand(speaker);
    // With a full process table Node can be stuck before it reads anything: then it is the kernel that ends it with us.
    const args = ["--pdeathsig", "KILL", ...command];
    const env = { ...childEnvironment(path), [PLACEHOLDER]: "-".repeat(ROOM) };
    const stdio: ["pipe", "ignore", "ignore"] = ["pipe", "ignore", "ignore"];
    return new Standby(command, spawn("setpriv", args, { cwd: "/", detached: true, env, stdio }));
  }

  /** The process and its input, if it runs this very command: from now on it is that daemon. Once at most. */
  take(
    command: readonly string[],
    papers: Papers,
  ): (DaemonInput & { readonly child: ChildProcess }) | undefined {
    const child = this.#child;
    const isRunning = child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
    if (!isRunning || !isDeepStrictEqual(command, this.#command) || !fits(papers)) return undefined;
    this.#child = undefined;
    child.ref();
    child.stdin.write(`${JSON.stringify(papers)}\n`);
    return {
      child,
      feed: (text) => void child.stdin.end(text),
      abandon: () => void child.stdin.destroy(),
    };
  }

  /** Ends the process, unless it was taken. */
  [Symbol.dispose](): void {
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  }
}

function fits({ marks }: Papers): boolean {
  return Buffer.byteLength(textOf(marks)) <= ROOM;
}

/** As an environment has them (environ(7)). */
export function textOf(marks: Papers["marks"]): string {
  return Object.entries(marks)
    .map(([name, value]) => `${name}=${value}`)
    .join("\0");
}
