import { type Daemon, fileOf } from "../kinds/kind.ts";
import type { Process, Runtime } from "../runtime/runtime.ts";
import { DaemonEndedError } from "./errors.ts";
import { readText } from "./log-files.ts";

/** How much of a dead daemon's log its error quotes. */
const quotedLines = 5;

const never = new AbortController().signal;

/** The daemons of a lab that is coming up. */
export class Crew {
  readonly daemons: readonly Daemon[];
  readonly #runtime: Runtime;
  readonly #lab: string;
  readonly #processes: { readonly daemon: Daemon; readonly process: Process }[] = [];
  readonly #death = new AbortController();
  #dead: Death | undefined;

  constructor(runtime: Runtime, { lab, daemons }: { lab: string; daemons: readonly Daemon[] }) {
    this.#runtime = runtime;
    this.#lab = lab;
    this.daemons = daemons;
  }

  start(which: (daemon: Daemon) => boolean): void {
    for (const daemon of this.daemons.filter(which)) {
      const process = this.#runtime.start(this.#lab, daemon);
      this.#processes.push({ daemon, process });
      process.ended.then((how) => {
        this.#dead ??= { daemon, how };
        this.#death.abort();
      });
    }
  }

  /** Gives every daemon its input. */
  feed(): void {
    for (const { daemon, process } of this.#processes) {
      if (daemon.input !== undefined) process.feed(daemon.input);
    }
  }

  /** Starts daemons, all unless they are chosen, while their network is made; those that can load without it do so meanwhile. */
  async startAround(
    network: () => Promise<void>,
    which: (daemon: Daemon) => boolean = () => true,
  ): Promise<void> {
    this.start((daemon) => which(daemon) && daemon.place.type === "machine");
    await network();
    this.start((daemon) => which(daemon) && daemon.place.type !== "machine");
    this.feed();
  }

  /** Lets this process end while the daemons go on. */
  release(): void {
    for (const { process } of this.#processes) process.release();
  }

  /**
   * Works under a signal that also aborts as soon as a daemon ends.
   *
   * @throws {DaemonEndedError} if one did, whatever the work made of it
   */
  async whileRunning<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await work(AbortSignal.any([signal, this.#death.signal]));
    } catch (error) {
      throw this.#dead && !signal.aborted ? await this.#obituary(this.#dead) : error;
    }
  }

  async #obituary({ daemon, how }: Death): Promise<DaemonEndedError> {
    const log = fileOf(daemon, daemon.log);
    const text = await readText(this.#runtime, log, never).catch(() => "");
    const message = `${daemon.name} has ended (${how}) while the lab was coming up`;
    if (text.trim() === "") return new DaemonEndedError(message);
    const lines = text.trimEnd().split("\n").slice(-quotedLines);
    return new DaemonEndedError([message, ...lines].join("\n  "), {
      hint: "the lines above are the last ones of its log",
    });
  }
}

interface Death {
  readonly daemon: Daemon;
  readonly how: string;
}
