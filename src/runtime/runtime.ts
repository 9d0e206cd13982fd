import type { Duplex, Readable } from "node:stream";
import type { Daemon, PlacedFile } from "../kinds/kind.ts";
import type { Address } from "../net/address.ts";
import type { Prefix } from "../net/prefix.ts";
import type { NetworkChange } from "../plan/difference.ts";
import type { HostPlan, InterfaceAddress, Plan } from "../plan/plan.ts";

/** A machine that runs labs; `netns/` makes the one of Linux namespaces. */
export interface Runtime {
  /** What must be there before a lab can be made. @throws {RuntimeError} the first thing missing, with a hint */
  preflight(plan: Plan, options: { signal: AbortSignal }): Promise<void>;
  /** Makes all namespaces, links and addresses of a plan. @throws {RuntimeError}; the caller removes what is half-made */
  plumb(plan: PlanPart, options: { signal: AbortSignal }): Promise<void>;
  /** What the machine shows of a lab; no file is asked. @throws {RuntimeError} */
  survey(lab: string, scope?: Scope): Promise<Survey>;
  /** Changes the network of a lab that is there, step by step. What is to go may be gone. @throws {RuntimeError}; what was done stays */
  alter(
    lab: string,
    changes: readonly NetworkChange[],
    options: { readonly signal: AbortSignal; readonly scope?: Scope },
  ): Promise<void>;
  /** Starts a daemon that outlives this process. Its input is given by `Process.feed`. */
  start(lab: string, daemon: Daemon): Process;
  /** Writes the files of a daemon anew, where it runs. @throws {RuntimeError} */
  write(daemon: Pick<Daemon, "place" | "files">): Promise<void>;
  /** Runs short programs beside a daemon, all at once, and gives their standard outputs in order. @throws {RuntimeError} */
  run(
    daemon: Pick<Daemon, "place">,
    commands: readonly Command[],
    options: { signal: AbortSignal },
  ): Promise<readonly string[]>;
  /** Connects to a Unix socket. @throws {RuntimeError}; what else goes wrong is an error of the stream */
  connect(socket: PlacedFile): Promise<Duplex>;
  /**
   * The text of a file in parts, and with `follow` what is added to it, until it is gone.
   *
   * @throws {FileMissingError}
   */
  readFile(file: PlacedFile, options: { follow: boolean; signal: AbortSignal }): AsyncIterable<string>;
  /**
   * Runs a program in a router with this process's standard streams; resolves to its exit code.
   *
   * @param options.ctrlC aborts when the terminal has had a Ctrl-C, which is the program's to answer
   */
  exec(
    target: RouterTarget,
    command: Command,
    options: { signal: AbortSignal; ctrlC: AbortSignal },
  ): Promise<number>;
  /**
   * Runs a program in a router and gives what it wrote; that it fails is a result.
   *
   * @param options.interrupt ends it as Ctrl-C would, with a result @throws {RuntimeError} if it cannot be started
   */
  capture(
    target: RouterTarget,
    command: Command,
    options: { signal: AbortSignal; interrupt?: AbortSignal },
  ): Promise<Captured>;
  /** Runs a program of this machine, in no router, with an input and this process's other streams; resolves to its exit code. @throws {RuntimeError} */
  print(command: Command, input: Readable): Promise<number>;
  /** What the machine itself shows of a router; undefined if its namespace is not there. */
  machineFacts(target: RouterTarget): Promise<MachineFacts | undefined>;
  /** The routes of a router's main table, whoever put them there; none if its namespace is not there. */
  kernelRoutes(target: RouterTarget): Promise<readonly KernelRouteFacts[]>;
  /** The names of a router's interfaces, `lo` aside. @throws {RuntimeError} */
  interfaces(target: RouterTarget): Promise<readonly string[]>;
  /** Sets an interface up or down, as somebody with `ip link` would. @throws {RuntimeError} */
  setInterface(target: InterfaceTarget, state: InterfaceState): Promise<void>;
  /** Gives a router these loopback addresses, beside those that the kernel gives every namespace, and takes all others. @throws {RuntimeError} */
  setLoopback(target: RouterTarget, addresses: readonly Address[]): Promise<void>;
  /**
   * Lets an interface drop all that it receives, without its sender or its own router being told, or take it in again. Safe to
   * repeat.
   *
   * @throws {KernelFeatureMissingError} without nftables
   */
  setDropping(target: InterfaceTarget, dropping: boolean): Promise<void>;
  /**
   * Calls back for each frame that some interfaces send or receive and a filter lets through, until the result is disposed of.
   *
   * @throws {RuntimeError}
   */
  tap(
    targets: readonly InterfaceTarget[],
    onFrame: (frame: Frame) => void,
    filter?: PacketFilter,
  ): Promise<Disposable>;
  /** How a daemon of a lab is, with all that it started. */
  stateOf(lab: string, daemon: DaemonName): Promise<DaemonState>;
  /** Ends a daemon and all that it started, by SIGTERM first, or by SIGKILL alone. @throws {RuntimeError} */
  stop(lab: string, daemon: DaemonName, options?: { readonly kill: boolean }): Promise<void>;
  /** Halts a daemon and all that it started where they are, or lets them go on (SIGSTOP, SIGCONT). @throws {RuntimeError} */
  setPaused(lab: string, daemon: DaemonName, paused: boolean): Promise<void>;
  /** The labs on this machine, by what the machine itself shows: no file is asked. */
  labs(scope?: Scope): Promise<readonly RunningLab[]>;
  /**
   * Takes away all that is marked as the lab's, with no need of any file. Yields each thing as it goes; safe to repeat.
   *
   * @throws {RuntimeError}
   */
  remove(lab: string, scope?: Scope): AsyncIterable<Removed>;
}

export type Command = readonly [program: string, ...args: string[]];

/** Where to look; everywhere if it is left out. */
export interface Scope {
  /** Whether to ask a Docker Engine: not for what is known to have no containers; it must answer for what surely has some. */
  readonly containers: boolean | "surely";
}

/** What it takes to find a daemon that runs. */
export type DaemonName = Pick<Daemon, "name" | "place">;

/** Some of a plan's things, whose other ends may be there already. */
export type PlanPart = Pick<Plan, "lab" | "nodes" | "hosts" | "links" | "segments">;

export interface Survey {
  /** By name of a namespace, or of a container that runs: the names of its interfaces, `lo` aside. */
  readonly interfaces: ReadonlyMap<string, readonly string[]>;
  /** Which of these names are containers. */
  readonly containers: ReadonlySet<string>;
  /** The daemons that run, or have left something running. */
  readonly daemons: readonly DaemonName[];
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

/** `"ended"` if nothing of it is there, `"paused"` if all of it is halted. */
export type DaemonState = "running" | "paused" | "ended";

/** A router's interfaces and sockets, as the kernel shows them. */
export interface MachineFacts {
  readonly interfaces: readonly {
    readonly ifname: string;
    readonly up: boolean;
    /** Up, and with a carrier. */
    readonly running: boolean;
    readonly addresses: readonly { readonly address: Address; readonly tentative: boolean }[];
    /** It drops all that it receives, as `setDropping` has it. */
    readonly dropping: boolean;
  }[];
  /** Whether some program accepts connections to port 179. */
  readonly listening: boolean;
  /** Segments dropped so far for their TCP-MD5 signature, and for too small a hop limit. */
  readonly drops: { readonly md5: number; readonly hopLimit: number };
  /** The table of IPv6 neighbors of the whole machine; undefined where it cannot be seen. */
  readonly neighborTable?:
    | { readonly entries: number; readonly limit: number; readonly refused: number }
    | undefined;
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
  /** Those of its routers that have a daemon in a container; none if not there. */
  readonly containers?: readonly RunningContainer[];
}

export interface RunningContainer {
  readonly router: string;
  readonly name: string;
  /** What the engine last found when it asked its daemon; `"starting"` before the first time. */
  readonly health: "starting" | "healthy" | "unhealthy";
}

/** Something that `remove` took away. */
export interface Removed {
  readonly type: "process" | "netns" | "container" | "directory";
  readonly name: string;
}
