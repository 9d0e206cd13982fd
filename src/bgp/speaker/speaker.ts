import { Poller } from "../../linux/poller.ts";
import type { Clock } from "../../std/clock.ts";
import type { RouterConfig, SpeakerConfig } from "../config/config.ts";
import { ControlServer, type ControlSource } from "../control/server.ts";
import type { Status } from "../control/status.ts";
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
}

/** All routers of one process, and the socket on which it tells of them. */
export class Speaker implements AsyncDisposable {
  readonly #context: SpeakerContext;
  readonly #stack = new AsyncDisposableStack();
  readonly #routers: Router[] = [];
  readonly #poller: Poller;
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

  async #start(config: SpeakerConfig): Promise<void> {
    const source: ControlSource = {
      status: (query) => this.#status(query),
      session: ({ router, session }) => this.#routerCalled(router)?.session(session),
      routes: (query) => this.#routerCalled(query.router)?.routes(query),
      execute: (command) => this.#routerCalled(command.router)?.execute(command),
    };
    this.#control = this.#stack.use(await ControlServer.listen(config.control, source));
    for (const router of config.routers) this.#routers.push(this.#stack.use(this.#router(router)));
    for (const router of this.#routers) router.start();
  }

  #routerCalled(name: string): Router | undefined {
    return this.#routers.find((router) => router.name === name);
  }

  #router(config: RouterConfig): Router {
    const { clock, random, hostname, pid, newConnectionId } = this.#context;
    const file = this.#stack.use(new LogFile(config.log));
    const write = (line: string) => file.write(line);
    const log = new Log(
      { clock, hostname, pid, write, budget: this.#logBudget },
      { common: { router: config.name }, threshold: config.logLevel },
    );
    const host = new KernelHost({
      netns: config.netns,
      poller: this.#poller,
      clock,
      peersOfLink: mostPeers(config),
    });
    return new Router({
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
  }

  #status({ interest, routers }: Parameters<ControlSource["status"]>[0]): Status {
    const named = this.#routers.filter(({ name }) => routers?.includes(name) ?? true);
    const all = named.map((router) => router.statusFor(interest));
    return {
      routers: all.flatMap(({ routers }) => routers),
      sessions: all.flatMap(({ sessions }) => sessions),
      routes: all.flatMap(({ routes }) => routes),
    };
  }
}

/** Of one link. */
function mostPeers({ sessions }: RouterConfig): number {
  const links = Map.groupBy(sessions, ({ ifname }) => ifname);
  return Math.max(1, ...Array.from(links.values(), (all) => all.length));
}
