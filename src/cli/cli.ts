import type { Directories, Environment } from "../lab/environment.ts";
import type { ImageState } from "../report/image-lines.ts";
import type { Clock } from "../std/clock.ts";
import type { LabError } from "../std/errors.ts";

/** What a command may touch; `bin` makes the real one, tests make their own. */
export interface Cli {
  readonly version: string;
  readonly directories: Directories;
  readonly clock: Clock;
  /** How labs start speakers here. */
  readonly speakers: Pick<Environment, "speaker" | "processes">;
  /**
   * Loads what is needed to work on labs, which `check` and `--help` can do without.
   *
   * Ask for it before more is loaded: for whoever is not root the command starts over with it.
   */
  environment(): Promise<Environment>;
  /** The container images of this version, and why the engine cannot be asked for them, if so. */
  images(): Promise<{ readonly images: readonly ImageState[]; readonly failure?: LabError | undefined }>;
  /** Writes a line of the result to standard output. */
  out(line: string): void;
  /** Writes octets of the result as they are. */
  outOctets(octets: Uint8Array): void;
  /** Writes a line about the work to standard error. */
  err(line: string): void;
  /** Shows a line about the work below all others until it is shown another one, or none; only a terminal does. */
  live(line: string | undefined): void;
  /** Variables of the environment. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Aborts when the user or a service manager ends the command. */
  readonly signal: AbortSignal;
  /** Aborts when nobody reads standard output any more. */
  readonly outputClosed: AbortSignal;
}

/** A run of a command: it says how it ended. */
export interface Invocation extends Cli {
  finish(exit: number): void;
}
