import type { Daemon } from "../kinds/kind.ts";
import type { Address } from "../net/address.ts";
import type { Prefix } from "../net/prefix.ts";
import type { Plan } from "../plan/plan.ts";

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
    target: { lab: string; router: string },
    command: readonly [string, ...string[]],
    options: { signal: AbortSignal },
  ): Promise<number>;
  /** Runs a program in a router and gives what it wrote; that it fails is a result. @throws {RuntimeError} if it cannot be started */
  capture(
    target: { lab: string; router: string },
    command: readonly [string, ...string[]],
    options: { signal: AbortSignal },
  ): Promise<Captured>;
  /** What the machine itself shows of a router; undefined if its namespace is not there. */
  machineFacts(target: { lab: string; router: string }): Promise<MachineFacts | undefined>;
  /** The routes of a router's main table, whoever put them there; none if its namespace is not there. */
  kernelRoutes(target: { lab: string; router: string }): Promise<readonly KernelRouteFacts[]>;
  /** The labs on this machine, by what the machine itself shows: no file is asked. */
  labs(): Promise<readonly RunningLab[]>;
  /**
   * Takes away all that is marked as the lab's, with no need of any file. Yields each thing as it goes; safe to repeat.
   *
   * @throws {RuntimeError}
   */
  remove(lab: string): AsyncIterable<Removed>;
}

/** A router's interfaces and sockets, as the kernel shows them. */
export interface MachineFacts {
  readonly interfaces: readonly {
    readonly ifname: string;
    readonly up: boolean;
    /** Up, and with a carrier. */
    readonly running: boolean;
    readonly addresses: readonly { readonly address: Address; readonly tentative: boolean }[];
  }[];
  /** Whether some program accepts connections to port 179. */
  readonly listening: boolean;
  /** Segments dropped so far for their TCP-MD5 signature, and for too small a hop limit. */
  readonly drops: { readonly md5: number; readonly hopLimit: number };
}

/** A route of the kernel's. */
export interface KernelRouteFacts {
  readonly prefix: Prefix;
  /** Who put it there, a number of rtnetlink(7); 80 for our speaker. */
  readonly protocol: number;
  /** None where packets are dropped; no address for a prefix that is on the link. */
  readonly nextHops: readonly { readonly via: string; readonly nextHop: Address | null }[];
}

/** What became of a program that has ended. */
export interface Captured {
  /** As shells have it 128 and the number of the signal, if one ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

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
