import { EventEmitter, on } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Effect } from "../../src/bgp/config/effect.ts";
import type { StatusQuery } from "../../src/bgp/control/client.ts";
import { ControlError } from "../../src/bgp/control/client.ts";
import type { Interest } from "../../src/bgp/control/interest.ts";
import type { Command as ControlCommand } from "../../src/bgp/control/request.ts";
import type { RouteDetail, RouteQuery } from "../../src/bgp/control/route-detail.ts";
import type { SessionDetail } from "../../src/bgp/control/session-detail.ts";
import type { Status, StatusEvent } from "../../src/bgp/control/status.ts";
import type { Daemon, PlacedFile } from "../../src/kinds/kind.ts";
import type { Control, Environment } from "../../src/lab/environment.ts";
import type { Address } from "../../src/net/address.ts";
import { formatEndpoint } from "../../src/net/endpoint.ts";
import { formatSessionEnd, type SessionEnd } from "../../src/net/session-name.ts";
import type { NetworkChange } from "../../src/plan/difference.ts";
import { endsOf } from "../../src/plan/links.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { ProgramNotFoundError, RemovalError } from "../../src/runtime/errors.ts";
import { readText } from "../../src/runtime/netns/read-text.ts";
import type {
  Captured,
  Command,
  DaemonName,
  DaemonState,
  Frame,
  InterfaceState,
  InterfaceTarget,
  KernelRouteFacts,
  MachineFacts,
  PacketFilter,
  PlanPart,
  Process,
  Removed,
  RouterTarget,
  RunningLab,
  Runtime,
  Survey,
} from "../../src/runtime/runtime.ts";
import { systemClock } from "../../src/std/clock.ts";
import { applyChanges } from "../support/apply-changes.ts";
import { EagerClock } from "../support/eager-clock.ts";
import { perfectStatus } from "../support/lab-status.ts";

const scratch = mkdtempSync(join(tmpdir(), "fe80-test-"));
process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));

/** A machine in memory, except for labs' directories, which are below a temporary one. */
export class FakeMachine implements Runtime, Control {
  readonly directory = mkdtempSync(join(scratch, "machine-"));
  /** What was asked of the machine, in order. */
  readonly calls: string[] = [];
  readonly running = new Map<string, RunningLab>();
  /** The networks of labs, as they are. */
  readonly #networks = new Map<string, Plan>();
  readonly #paused = new Set<string>();
  readonly #told = new EventEmitter().setMaxListeners(0);
  #daemons: (DaemonName & { lab: string; end: (how: string) => void })[] = [];

  /** Run inside the step of that name; may throw. */
  onPreflight = (): void => {};
  onPlumb = async (_signal: AbortSignal): Promise<void> => {};
  onExec = async (_signal: AbortSignal): Promise<void> => {};
  onRead = async (_signal: AbortSignal): Promise<void> => {};
  onRemove = async (): Promise<void> => {};
  onCommand = (_command: ControlCommand): void => {};
  onInterface = async (_change: string): Promise<void> => {};
  /** What a control socket tells. */
  events: (socket: string) => StatusEvent[] = () => [];
  /** What it tells of single sessions. */
  sessions: readonly SessionDetail[] = [];
  /** What programs print. */
  readonly outputs = new Map<string, string>();
  /** What is seen at tapped interfaces. */
  frames = (_targets: readonly InterfaceTarget[]): Frame[] => [];
  /** What it tells of routes, and what it was asked for. */
  routeParts: readonly (readonly RouteDetail[])[] = [];
  readonly queries: RouteQuery[] = [];
  /** The routers that were asked to tell their routes one by one. */
  readonly askedForRoutes: string[] = [];
  /** What it was told to do, and what it says that led to. */
  readonly commands: ControlCommand[] = [];
  effects: readonly Effect[] = [];
  exitCode = 0;
  /** What its kernel shows of each router, and of the routes of any. */
  readonly facts = new Map<string, MachineFacts>();
  kernel: readonly KernelRouteFacts[] = [];
  /** Programs that are installed. */
  readonly programs = new Set<string>(["ping", "ss", "false"]);

  readonly environment: Environment;

  constructor({ processes = 1 } = {}) {
    this.environment = {
      runtime: this,
      clock: new EagerClock(),
      control: this,
      directories: { run: join(this.directory, "run"), netns: "/run/netns" },
      speaker: { node: "node", program: "fe80-speaker.ts" },
      processes: processes,
      findProgram: (name) => this.#find(name),
    };
  }

  /** Lets the speakers tell that all is as a plan expects. */
  converge(plan: Plan): void {
    this.events = () => [{ type: "status", ...perfectStatus(plan) }];
  }

  /** Ends a daemon, as a crash would. */
  end(daemon: string, how: string): void {
    this.#endAll(({ name }) => name === daemon, how);
  }

  #find(name: string): string {
    if (!this.programs.has(name)) throw new ProgramNotFoundError(name, "/nowhere");
    return `/nowhere/${name}`;
  }

  async preflight(): Promise<void> {
    this.onPreflight();
  }

  async plumb(plan: PlanPart, { signal }: { signal: AbortSignal }): Promise<void> {
    this.calls.push(`plumb ${plan.lab}`);
    this.#setNetwork(plan);
    await this.onPlumb(signal);
  }

  async survey(lab: string): Promise<Survey> {
    const network = this.#networks.get(lab);
    const members = [...(network?.nodes ?? []), ...(network?.hosts ?? [])];
    const lan = Map.groupBy(network?.segments ?? [], ({ netns }) => netns);
    return {
      interfaces: new Map([
        ...members.map(({ name, netns }) => [netns, this.#ifnames(lab, name)] as const),
        ...[...lan].map(([netns, own]) => [netns, own.map(({ bridge }) => bridge)] as const),
      ]),
      containers: new Set(members.flatMap(({ netns, container }) => (container ? [netns] : []))),
      daemons: this.#daemons.filter((daemon) => daemon.lab === lab),
    };
  }

  async alter(
    lab: string,
    changes: readonly NetworkChange[],
    { signal }: { signal: AbortSignal },
  ): Promise<void> {
    this.calls.push(`alter ${lab} ${changes.map(({ type }) => type).join(" ")}`);
    await this.onPlumb(signal);
    const network = this.#networks.get(lab);
    if (!network) throw new RemovalError(`the lab ${lab} is gone`);
    this.#setNetwork(applyChanges(network, changes));
  }

  /** Somebody changes the network behind everybody's back. */
  disturb(lab: string, changes: readonly NetworkChange[]): void {
    const network = this.#networks.get(lab);
    if (network) this.#setNetwork(applyChanges(network, changes));
  }

  #setNetwork(plan: PlanPart): void {
    const members = [...plan.nodes, ...plan.hosts];
    this.running.set(plan.lab, { name: plan.lab, routers: members.map(({ name }) => name) });
    this.#networks.set(plan.lab, plan as Plan);
  }

  #ifnames(lab: string, router: string): string[] {
    const network = this.#networks.get(lab);
    const own = network ? endsOf(network).filter((end) => end.router === router) : [];
    return own.map(({ ifname }) => ifname);
  }

  start(lab: string, { name, place }: Daemon): Process {
    this.calls.push(`start ${lab} ${name}`);
    const { promise: ended, resolve } = Promise.withResolvers<string>();
    this.#daemons.push({ lab, name, place, end: resolve });
    return {
      pid: 1,
      ended,
      feed: () => void this.calls.push(`feed ${name}`),
      release: () => void this.calls.push(`release ${name}`),
    };
  }

  async write({ files }: Pick<Daemon, "files">): Promise<void> {
    this.calls.push(`write ${files.map(({ path }) => path.split("/").at(-1)).join(" ")}`);
  }

  async print(command: Command, input: Readable): Promise<number> {
    this.#find(command[0]);
    const chunks: Uint8Array[] = await input.toArray();
    this.calls.push(`print ${chunks.length} parts by ${command.join(" ")}`);
    return this.exitCode;
  }

  async run(_daemon: Pick<Daemon, "place">, commands: readonly Command[]): Promise<string[]> {
    return commands.map((command) => {
      const output = this.outputs.get(command.join(" "));
      if (output !== undefined) return output;
      throw new Error(`no program ${command[0]}`);
    });
  }

  async connect(): Promise<never> {
    throw new ControlError("nobody listens");
  }

  readFile(file: PlacedFile, options: { follow: boolean; signal: AbortSignal }): AsyncIterable<string> {
    return readText(file.path, { ...options, clock: systemClock });
  }

  async exec(
    target: { lab: string; router: string },
    command: Command,
    { signal }: { signal: AbortSignal },
  ): Promise<number> {
    this.#find(command[0]);
    this.calls.push(`exec ${target.lab} ${target.router} ${command.join(" ")}`);
    await this.onExec(signal);
    return this.exitCode;
  }

  async interfaces({ lab, router }: RouterTarget): Promise<readonly string[]> {
    if (!this.running.has(lab)) throw new RemovalError(`the lab ${lab} is gone`);
    return this.#ifnames(lab, router);
  }

  async setInterface({ router, ifname }: InterfaceTarget, state: InterfaceState): Promise<void> {
    const { addresses, defaultRoutes } = state.type === "up" ? state : { addresses: [] };
    const given = addresses.map(({ address, length }) => ` with ${address}/${length}`);
    const way = defaultRoutes ? ` via ${defaultRoutes.gateway}` : "";
    this.calls.push(`set ${router}:${ifname} ${state.type}${given.join("")}${way}`);
    await this.onInterface(`${router}:${ifname} ${state.type}`);
  }

  async tap(
    targets: readonly InterfaceTarget[],
    onFrame: (frame: Frame) => void,
    filter?: PacketFilter,
  ): Promise<Disposable> {
    this.calls.push(`tap ${targets.map(formatEndpoint).join(" ")}${filter ? ` by ${filter.length}` : ""}`);
    for (const frame of this.frames(targets)) onFrame(frame);
    return { [Symbol.dispose]: () => void this.calls.push("untap") };
  }

  async setLoopback({ router }: RouterTarget, addresses: readonly Address[]): Promise<void> {
    this.calls.push(`loopback ${router} ${addresses.join(" ")}`);
  }

  async setDropping({ router, ifname }: InterfaceTarget, dropping: boolean): Promise<void> {
    this.calls.push(`${dropping ? "drop" : "take"} ${router}:${ifname}`);
  }

  async stateOf(lab: string, { name }: Pick<DaemonName, "name">): Promise<DaemonState> {
    if (!this.#daemons.some((each) => each.lab === lab && each.name === name)) return "ended";
    return this.#paused.has(name) ? "paused" : "running";
  }

  async setPaused(lab: string, { name }: DaemonName, paused: boolean): Promise<void> {
    this.calls.push(`${paused ? "pause" : "resume"} ${lab} ${name}`);
    if (paused) this.#paused.add(name);
    else this.#paused.delete(name);
  }

  async stop(lab: string, { name }: DaemonName, { kill } = { kill: false }): Promise<void> {
    this.calls.push(`${kill ? "kill" : "stop"} ${lab} ${name}`);
    this.#paused.delete(name);
    this.#endAll((each) => each.lab === lab && each.name === name, "SIGTERM");
  }

  #endAll(chosen: (daemon: { lab: string; name: string }) => boolean, how: string): void {
    const [ending = [], staying = []] = [true, false].map((ends) =>
      this.#daemons.filter((daemon) => chosen(daemon) === ends),
    );
    this.#daemons = staying;
    for (const { end } of ending) end(how);
  }

  async machineFacts({ router }: RouterTarget): Promise<MachineFacts | undefined> {
    return this.facts.get(router);
  }

  async kernelRoutes(): Promise<readonly KernelRouteFacts[]> {
    return this.kernel;
  }

  async capture({ lab, router }: RouterTarget, command: Command): Promise<Captured> {
    this.#find(command[0]);
    this.calls.push(`capture ${lab} ${router} ${command.join(" ")}`);
    return { exitCode: this.exitCode, stdout: this.outputs.get(command.join(" ")) ?? "", stderr: "" };
  }

  async labs(): Promise<readonly RunningLab[]> {
    return [...this.running.values()];
  }

  async *remove(lab: string): AsyncGenerator<Removed> {
    this.calls.push(`remove ${lab}`);
    await this.onRemove();
    for (const name of this.running.get(lab)?.routers ?? []) yield { type: "netns", name };
    this.running.delete(lab);
    this.#endAll((daemon) => daemon.lab === lab, "SIGKILL");
    await rm(join(this.environment.directories.run, lab), { recursive: true, force: true });
  }

  async *watch({ path }: PlacedFile, _interest: Interest, signal: AbortSignal): AsyncGenerator<StatusEvent> {
    yield* this.events(path);
    signal.throwIfAborted();
    try {
      for await (const [event] of on(this.#told, "event", { signal })) yield event;
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  }

  /** Ends all that is being watched; who watches may ask again. */
  hangUp(): void {
    this.#told.emit("error", new ControlError("the socket was closed"));
  }

  /** Lets whoever is watched tell something more. */
  tell(...events: readonly StatusEvent[]): void {
    for (const event of events) this.#told.emit("event", event);
  }

  async session(_socket: PlacedFile, end: SessionEnd, signal: AbortSignal): Promise<SessionDetail> {
    await this.onRead(signal);
    const found = this.sessions.find(
      ({ router, session }) => router === end.router && session === end.session,
    );
    if (!found) throw new ControlError(`no session ${formatSessionEnd(end)}`);
    return found;
  }

  async *routes(
    _socket: PlacedFile,
    query: RouteQuery,
    signal: AbortSignal,
  ): AsyncGenerator<readonly RouteDetail[]> {
    await this.onRead(signal);
    this.queries.push(query);
    yield* this.routeParts;
  }

  async command(
    _socket: PlacedFile,
    command: ControlCommand,
    signal: AbortSignal,
  ): Promise<readonly Effect[]> {
    await this.onRead(signal);
    this.commands.push(command);
    this.onCommand(command);
    return this.effects;
  }

  async read({ path }: PlacedFile, { routers = [] }: StatusQuery, signal: AbortSignal): Promise<Status> {
    this.askedForRoutes.push(...routers);
    await this.onRead(signal);
    for (const event of this.events(path)) if (event.type === "status") return event;
    throw new Error(`no status at ${path}`);
  }
}
