import type { Daemon } from "../kinds/kind.ts";
import type { HostPlan, InterfaceAddress, Plan } from "../plan/plan.ts";

/** A machine that runs labs; `netns/` makes the one of Linux namespaces. */
export interface Runtime {
  /** What must be there before a lab can be made. @throws {RuntimeError} the first thing missing, with a hint */
  preflight(plan: Plan): Promise<void>;
  /** Makes all namespaces, links and addresses of a plan. @throws {RuntimeError}; the caller removes what is half-made */
  plumb(plan: Plan, options: { signal: AbortSignal }): Promise<void>;
  /** Starts a daemon that outlives this process. Its input is given by `Process.feed`. */
  start(lab: string, daemon: Daemon): Process;
  /** Runs a short program beside a daemon and gives its standard output. @throws {RuntimeError} */
  run(command: readonly [string, ...string[]], options: { signal: AbortSignal }): Promise<string>;
  /** Runs a program in a router with this process's standard streams; resolves to its exit code. */
  exec(
    target: RouterTarget,
    command: readonly [string, ...string[]],
    options: { signal: AbortSignal },
  ): Promise<number>;
  /** The names of a router's interfaces, `lo` aside. @throws {RuntimeError} */
  interfaces(target: RouterTarget): Promise<readonly string[]>;
  /** Sets an interface up or down, as somebody with `ip link` would. @throws {RuntimeError} */
  setInterface(target: InterfaceTarget, state: InterfaceState): Promise<void>;
  /**
   * Calls back for each frame that some interfaces send or receive and a filter lets through, until the result is disposed of.
   *
   * @throws {RuntimeError}
   */
  tap(
    targets: readonly InterfaceTarget[],
    onFrame: (frame: Frame) => void,
    filter?: PacketFilter,
  ): Disposable;
  /** Whether a daemon of a lab, or anything that it started, is there. */
  isRunning(lab: string, daemon: string): Promise<boolean>;
  /** Ends a daemon and all that it started. @throws {RuntimeError} */
  stop(lab: string, daemon: string): Promise<void>;
  /** The labs on this machine, by what the machine itself shows: no file is asked. */
  labs(): Promise<readonly RunningLab[]>;
  /**
   * Takes away all that is marked as the lab's, with no need of any file. Yields each thing as it goes; safe to repeat.
   *
   * @throws {RuntimeError}
   */
  remove(lab: string): AsyncIterable<Removed>;
}

export interface RouterTarget {
  readonly lab: string;
  readonly router: string;
}

export interface InterfaceTarget extends RouterTarget {
  readonly ifname: string;
}

/** An Ethernet frame. */
export interface Frame {
  /** The interface at which it was seen. */
  readonly target: InterfaceTarget;
  /** Whether that interface sent it. */
  readonly sent: boolean;
  readonly octets: Uint8Array;
}

/** A program that the kernel runs for each frame (bpf(4), `linux/filter.h`). */
export type PacketFilter = readonly {
  readonly code: number;
  /** How many instructions to skip. */
  readonly ifTrue: number;
  readonly ifFalse: number;
  readonly value: number;
}[];

export type InterfaceState =
  | { readonly type: "down" }
  /** With all that going down takes away, as far as it is known. */
  | {
      readonly type: "up";
      readonly addresses: readonly InterfaceAddress[];
      /** Where all goes that knows no better way; there is none at routers. */
      readonly defaultRoutes?: Pick<HostPlan, "gateway" | "families">;
    };

export interface Process {
  readonly pid: number;
  /** Gives the daemon its input and closes it. */
  feed(input: string): void;
  /** Settles when the process ends, with how: `"exit code 1"`, `"SIGKILL"`. */
  readonly ended: Promise<string>;
  /** Lets this process end while the daemon goes on. */
  release(): void;
}

export interface RunningLab {
  readonly name: string;
  readonly routers: readonly string[];
}

/** Something that `remove` took away. */
export interface Removed {
  readonly type: "process" | "netns" | "directory";
  readonly name: string;
}
