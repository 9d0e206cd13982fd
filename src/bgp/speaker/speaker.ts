import { Poller } from "../../linux/poller.ts";
import { RtnetlinkMonitor } from "../../linux/rtnetlink/monitor.ts";
import { SystemError } from "../../linux/system-error.ts";
import type { Clock } from "../../std/clock.ts";
import type { RouterConfig, SpeakerConfig } from "../config/config.ts";
import { parseRouterConfig } from "../config/parse.ts";
import type { Command } from "../control/request.ts";
import { ControlServer, type ControlSource, type Outcome } from "../control/server.ts";
import type { ProcessStatus, Status } from "../control/status.ts";
import type { ConnectionId } from "../session/state.ts";
import { KernelHost } from "./kernel-host.ts";
import { Log } from "./log.ts";
import { LogBudget } from "./log-budget.ts";
import { LogFile } from "./log-file.ts";
import { News } from "./news.ts";
import { Router } from "./router.ts";
import { Turns } from "./turns.ts";

/** What the process gives to its speaker. */
export interface SpeakerContext {
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly hostname: string;
  readonly pid: number;
  readonly newConnectionId: () => ConnectionId;
  /** What the process takes, as of now. */
  readonly processStatus: () => ProcessStatus;
}

/** A router, and what goes with it. */
interface Running extends AsyncDisposable {
  readonly router: Router;
}

/** All routers of one process, and the socket on which it tells of them. */
export class Speaker implements AsyncDisposable {
  readonly #context: SpeakerContext;
  readonly #stack = new AsyncDisposableStack();
  readonly #routers = new Map<string, Running>();
  readonly #poller: Poller;
  readonly #monitor: RtnetlinkMonitor;
  readonly #turns: Turns;
  readonly #logBudget: LogBudget;
  readonly #news: News;
  #control: ControlServer | undefined;

  private constructor(context: SpeakerContext) {
    this.#context = context;
    this.#turns = new Turns(context.clock);
    this.#logBudget = new LogBudget(context.clock);
    this.#news = this.#stack.use(new News(context.clock, (events) => this.#control?.publish(events)));
    this.#poller = this.#stack.use(new Poller());
    this.#monitor = this.#stack.use(new RtnetlinkMonitor(this.#poller));
  }

  /** Runs from now on, until it is disposed of. @throws {SystemError} if a router cannot work; none does then */
  static async start(config: SpeakerConfig, context: SpeakerContext): Promise<Speaker> {
    const speaker = new Speaker(context);
    try {
      await speaker.#start(config);
      return speaker;
    } catch (error) {
      await speaker[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Ends all sessions with a NOTIFICATION, and gives everything back. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack[Symbol.asyncDispose]();
  }

  /** The namespaces of its routers, as of now. */
  get namespaces(): readonly string[] {
    return Array.from(this.#routers.values(), ({ router }) => router.config.netns).filter(
      (netns) => netns !== null,
    );
  }

  async #start(config: SpeakerConfig): Promise<void> {
    const source: ControlSource = {
      status: (query) => this.#status(query),
      session: ({ router, session }) => this.#router(router)?.session(session),
      routes: (query) => this.#router(query.router)?.routes(query),
      execute: async (command) => {
        const outcome = await this.#execute(command);
        // Whoever watches hears of it before anybody is told that it is done.
        this.#news.flush();
        return outcome;
      },
    };
    this.#control = this.#stack.use(await ControlServer.listen(config.control, source));
    this.#stack.defer(() => this.#endAll());
    for (const router of config.routers) this.#routers.set(router.name, this.#create(router));
    for (const { router } of this.#routers.values()) router.start();
  }

  async #endAll(): Promise<void> {
    await using all = new AsyncDisposableStack();
    for (const running of this.#routers.values()) all.use(running);
  }

  #router(name: string): Router | undefined {
    return this.#routers.get(name)?.router;
  }

  async #execute(command: Command): Promise<Outcome | undefined> {
    switch (command.type) {
      case "reconfigure":
        return await this.#reconfigure(command.router, command.config);
      case "remove":
        return await this.#remove(command.router);
      default:
        return this.#router(command.router)?.execute(command);
    }
  }

  async #reconfigure(name: string, value: unknown): Promise<Outcome> {
    const config = parseRouterConfig(value);
    if ("mistakes" in config) return config;
    if (config.name !== name) return { mistakes: [`name: it is ${config.name}, and not ${name}`] };
    const effects = this.#router(name)?.reconfigure(config);
    const outcome = effects ? { effects } : await this.#begin(config);
    this.#tellAll();
    return outcome;
  }

  /** Starts a router; one of its name ends before. */
  async #begin(config: RouterConfig): Promise<Outcome> {
    await this.#end(config.name);
    try {
      const running = this.#create(config);
      this.#routers.set(config.name, running);
      running.router.start();
      return { effects: ["restart"] };
    } catch (error) {
      // E.g. its namespace is not there; nobody else has a part in that.
      if (!(error instanceof SystemError)) throw error;
      await this.#end(config.name);
      return { mistakes: [error.message] };
    }
  }

  /** Safe to repeat. */
  async #remove(name: string): Promise<Outcome> {
    const isThere = this.#routers.has(name);
    await this.#end(name);
    if (isThere) this.#tellAll();
    return { effects: isThere ? ["reset"] : [] };
  }

  async #end(name: string): Promise<void> {
    const running = this.#routers.get(name);
    this.#routers.delete(name);
    await running?.[Symbol.asyncDispose]();
  }

  /** Of sessions and routers that are no more there is no other event. */
  #tellAll(): void {
    this.#control?.publishAll();
  }

  #create(config: RouterConfig): Running {
    const { clock, random, hostname, pid, newConnectionId } = this.#context;
    using failed = new DisposableStack();
    const file = failed.use(new LogFile(config.log, clock));
    const write = (line: string) => file.write(line);
    const log = new Log(
      { clock, hostname, pid, write, budget: this.#logBudget },
      { common: { router: config.name }, threshold: config.logLevel },
    );
    const host = new KernelHost({
      netns: config.netns,
      poller: this.#poller,
      monitor: this.#monitor,
      clock,
      turns: this.#turns,
      peersOfLink: () => mostPeers(router.config),
      routers: () => this.#routers.size,
    });
    const router = new Router({
      config,
      host,
      clock,
      random,
      log,
      newConnectionId,
      turns: this.#turns,
      publish: (event) => this.#news.add(event),
      interests: () => this.#control?.interests,
    });
    failed.move();
    return {
      router,
      [Symbol.asyncDispose]: async () => {
        using _ = file;
        await router[Symbol.asyncDispose]();
      },
    };
  }

  #status({ interest, routers }: Parameters<ControlSource["status"]>[0]): Status {
    const named = [...this.#routers].filter(([name]) => routers?.includes(name) ?? true);
    const all = named.map(([, { router }]) => router.statusFor(interest));
    return {
      routers: all.flatMap(({ routers }) => routers),
      sessions: all.flatMap(({ sessions }) => sessions),
      routes: all.flatMap(({ routes }) => routes),
      process: this.#context.processStatus(),
    };
  }
}

/** Of one link. */
function mostPeers({ sessions }: RouterConfig): number {
  const links = Map.groupBy(sessions, ({ ifname }) => ifname);
  return Math.max(1, ...Array.from(links.values(), (all) => all.length));
}
