import { readFile } from "node:fs/promises";
import type { RouteDetail } from "../bgp/control/route-detail.ts";
import type { SessionStatus, Status } from "../bgp/control/status.ts";
import type { Command, Daemon } from "../kinds/kind.ts";
import { readDaemon } from "../lab/probes.ts";
import { type Asked, readRoutes } from "../lab/why-facts.ts";
import type { Prefix } from "../net/prefix.ts";
import type { NodePlan } from "../plan/plan.ts";
import { pause } from "../std/clock.ts";
import { errorsIn, LabError, messageOf } from "../std/errors.ts";
import { type Arrival, arrivalOf, exabgpArrivals } from "./arrival.ts";
import { type End, otherEnd, type Pair } from "./pair.ts";
import { asnOf, feedersOf, passesOn, routerOf, wordsFor } from "./topologies.ts";
import type { Wire } from "./wire.ts";

/** What was to be proven was not. Its message says what is missing. */
export class Unproven extends Error {}

/** Between two looks. */
const lookMs = 100;

/** How long a fact may take unless it is said. */
const patienceMs = 20_000;

/** Two routers of a running lab that are each other's peers, and all that a proof asks and tells them. */
export class Meeting {
  readonly pair: Pair;
  readonly wire: Wire;
  readonly asked: Asked;
  readonly #name: string;
  /** What each end tells that has nobody behind it. */
  readonly #told: Record<End, ReadonlySet<string>> = { a: new Set(), b: new Set() };

  /** @param name of the meeting, empty for the only one of its lab */
  constructor(name: string, { pair, wire, asked }: { pair: Pair; wire: Wire; asked: Asked }) {
    this.#name = name;
    this.pair = pair;
    this.wire = wire;
    this.asked = asked;
  }

  /** Its name in the lab. */
  router(end: End): string {
    return routerOf(end, this.#name);
  }

  node(end: End): NodePlan {
    const node = this.asked.plan.nodes.find(({ name }) => name === this.router(end));
    if (node === undefined) throw new RangeError(`no ${this.router(end)}`);
    return node;
  }

  daemon(router: string): Daemon {
    const daemon = this.asked.daemons.find(({ routers }) => routers.includes(router));
    if (daemon === undefined) throw new RangeError(`nobody runs ${router}`);
    return daemon;
  }

  status(end: End): Promise<Status> {
    return readDaemon(this.daemon(this.router(end)), this.asked.environment, this.asked.signal);
  }

  /** The session of the two as one of them sees it. */
  async session(end: End): Promise<SessionStatus> {
    const { sessions } = await this.status(end);
    const own = sessions.find(({ router, ifname }) => router === this.router(end) && ifname === "eth0");
    if (own === undefined) throw new RangeError(`${this.router(end)} has no session on eth0`);
    return own;
  }

  /** Why the session is not up, as both ends see it; undefined once it is. */
  async notUp(): Promise<string | undefined> {
    return (await this.notUpAt("a")) ?? (await this.notUpAt("b"));
  }

  /** The same as one end sees it: that of ours tells it for less. */
  async notUpAt(end: End): Promise<string | undefined> {
    const { state, waitingFor, lastError } = await this.session(end);
    if (state === "Established") return undefined;
    const why = [waitingFor && `waiting for ${waitingFor}`, lastError && `last error: ${lastError}`];
    return [`${this.pair[end]} is ${state}`, ...why.filter(Boolean)].join(", ");
  }

  /** The paths to a prefix that one end has from the other. */
  async arrivals(end: End, prefix: string): Promise<readonly Arrival[]> {
    if (passesOn(this.pair[end])) return (await this.#behind(end, prefix)).map(arrivalOf);
    return [
      ...(exabgpArrivals(await this.raw(end))
        .get(prefix)
        ?.values() ?? []),
    ];
  }

  /** How many prefixes one end has from the other whose text begins so. */
  async arrived(end: End, beginning: string): Promise<number> {
    const prefixes = passesOn(this.pair[end])
      ? (await this.#behind(end, null)).map((route) => route.prefix)
      : [...exabgpArrivals(await this.raw(end))].flatMap(([prefix, paths]) =>
          paths.size > 0 ? [prefix] : [],
        );
    return new Set(prefixes.filter((prefix) => prefix.startsWith(beginning))).size;
  }

  /** What one end was told by the other, by the first of our routers behind it. */
  async #behind(end: End, prefix: string | null): Promise<RouteDetail[]> {
    const [router] = feedersOf[end];
    const query = { router, prefix: prefix as Prefix | null, table: "adjRibIn", session: "eth0" } as const;
    const routes = await readRoutes(this.asked, query);
    return routes.filter(({ attributes }) =>
      attributes.asPath.some(({ asns }) => asns.includes(asnOf[otherEnd[end]])),
    );
  }

  /** Has one end tell the other of these prefixes alone; null for all that there are. */
  async tell(end: End, prefixes: readonly string[] | null, all: readonly string[]): Promise<void> {
    if (passesOn(this.pair[end])) {
      await this.#command(feedersOf[end][0], { exportPrefixes: prefixes });
      return;
    }
    const wanted = new Set(prefixes ?? all);
    const { announce, withdraw } = this.daemon(this.router(end)).orders ?? {};
    const fresh = [...wanted].filter((prefix) => !this.#told[end].has(prefix));
    const gone = [...this.#told[end]].filter((prefix) => !wanted.has(prefix));
    this.#told[end] = wanted;
    for (const [words, own] of Map.groupBy(fresh, (prefix) => wordsFor(end, prefix).join("\n"))) {
      for (const each of words.split("\n")) if (announce) await this.run(announce(own as Prefix[], each));
    }
    if (gone.length > 0 && withdraw) await this.run(withdraw(gone as Prefix[]));
  }

  async #command(router: string, change: Readonly<Record<string, unknown>>): Promise<void> {
    const { environment, signal } = this.asked;
    const { probe } = this.daemon(router);
    if (probe.type !== "control") throw new RangeError(`${router} is none of ours`);
    const command = { type: "configure", router, session: "eth0", change } as const;
    await environment.control.command(probe.socket, command, signal);
  }

  /** Has one end ask the other for all of its routes again. */
  async refresh(end: End): Promise<void> {
    const { probe, orders } = this.daemon(this.router(end));
    const [session] = this.node(end).router.sessions;
    if (probe.type === "control") {
      const command = { type: "refresh", router: this.router(end), session: "eth0" } as const;
      await this.asked.environment.control.command(probe.socket, command, this.asked.signal);
    } else if (orders?.refresh && session) {
      await this.run(orders.refresh(session));
    } else {
      throw new Unproven(`fe80 cannot tell ${this.pair[end]} to ask for a refresh`);
    }
  }

  /** Has one end end the session with words for the other. */
  async shutdown(end: End, words: string): Promise<void> {
    const { probe, orders } = this.daemon(this.router(end));
    const [session] = this.node(end).router.sessions;
    if (probe.type === "control") {
      const command = {
        type: "reset",
        router: this.router(end),
        session: "eth0",
        communication: words,
      } as const;
      await this.asked.environment.control.command(probe.socket, command, this.asked.signal);
    } else if (orders?.shutdown && session) {
      await this.run(orders.shutdown(session, words));
    } else {
      throw new Unproven(`fe80 cannot tell ${this.pair[end]} to shut a session down with words`);
    }
  }

  /** All that one end tells of itself, its log included, as it tells it. */
  async raw(end: End): Promise<string> {
    const daemon = this.daemon(this.router(end));
    const log = await readFile(this.node(end).router.log ?? daemon.log, "utf8").catch(() => "");
    if (daemon.probe.type === "control") return `${JSON.stringify(await this.session(end))}\n${log}`;
    const outputs = await Promise.all(daemon.probe.commands.map((command) => this.run(command)));
    return [...outputs, log].join("\n");
  }

  run(command: Command): Promise<string> {
    return this.asked.environment.runtime.run(command, { signal: this.asked.signal });
  }

  /**
   * Looks again and again until there is no reason left why something is not so.
   *
   * @throws {Unproven} with the last reason, when the time is up
   */
  async until(
    what: string,
    reason: () => Promise<string | undefined> | string | undefined,
    withinMs: number = patienceMs,
  ): Promise<void> {
    const { environment, signal } = this.asked;
    const dueAtMs = environment.clock.now() + withinMs;
    for (;;) {
      const missing = await reasonOf(reason);
      if (missing === undefined) return;
      if (environment.clock.now() > dueAtMs) throw new Unproven(`${what}: ${missing}`);
      await pause(environment.clock, lookMs, signal);
    }
  }
}

/** A daemon that does not answer, perhaps because it is starting, is a reason too. */
async function reasonOf(
  reason: () => Promise<string | undefined> | string | undefined,
): Promise<string | undefined> {
  try {
    return await reason();
  } catch (error) {
    if (!errorsIn(error).every((each) => each instanceof LabError)) throw error;
    return messageOf(error);
  }
}
