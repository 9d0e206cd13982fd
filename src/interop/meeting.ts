import { readFile } from "node:fs/promises";
import { digestsAlone } from "../bgp/control/interest.ts";
import type { RouteDetail } from "../bgp/control/route-detail.ts";
import type { SessionStatus, Status } from "../bgp/control/status.ts";
import type { Command, Daemon } from "../kinds/kind.ts";
import { perform } from "../lab/actions/perform.ts";
import { daemonOf } from "../lab/lab-directory.ts";
import { readDaemon } from "../lab/probes.ts";
import { type Asked, readRoutes } from "../lab/why-facts.ts";
import type { Prefix } from "../net/prefix.ts";
import type { NodePlan } from "../plan/plan.ts";
import type { Captured } from "../runtime/runtime.ts";
import { type Arrival, arrivalOf, exabgpArrivals } from "./arrival.ts";
import { type End, otherEnd, type Pair } from "./pair.ts";
import { askPatiently, lookUntil, type Reason, Unproven } from "./patience.ts";
import { asnOf, feedersOf, passesOn, prefixesOf, routerOf, wordsFor } from "./topologies.ts";
import type { Wire } from "./wire.ts";

/** Of the two themselves. */
const ownPrefixes = new Set([...prefixesOf("a").own, ...prefixesOf("b").own] as Prefix[]);

/**
 * Two routers of a running lab that are each other's peers, and all that a proof asks and tells them. A long file, for it is the
 * only door of all proofs to a lab.
 */
export class Meeting {
  readonly pair: Pair;
  readonly wire: Wire;
  readonly asked: Asked;
  readonly #name: string;
  /** What each end tells that has nobody behind it. */
  readonly #told: Record<End, ReadonlySet<string>> = { a: new Set(), b: new Set() };

  /** What each of ours that feed an end exports, once it was told. */
  readonly #exported = new Map<string, readonly string[]>();

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

  #nodeOf(router: string): NodePlan {
    const node = this.asked.plan.nodes.find(({ name }) => name === router);
    if (node === undefined) throw new RangeError(`no ${router}`);
    return node;
  }

  daemon(router: string): Daemon {
    return daemonOf(this.asked.daemons, router);
  }

  async status(end: End): Promise<Status> {
    const { environment, signal } = this.asked;
    const daemon = this.daemon(this.router(end));
    const { probe } = daemon;
    // Many programs are asked at once here, and each has the time that it takes.
    if (probe.type === "poll")
      return probe.read(await environment.runtime.run(daemon, probe.commands, { signal }));
    const query = { interest: ownPrefixes, signal };
    return await this.#patiently(() => readDaemon(daemon, environment, query));
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
      ...(exabgpArrivals(await this.raw(end), prefix)
        .get(prefix)
        ?.values() ?? []),
    ];
  }

  /** How many prefixes one end knows, as the first of our routers behind it hears of them. */
  async prefixCount(end: End): Promise<number> {
    if (!passesOn(this.pair[end])) {
      return [...exabgpArrivals(await this.raw(end)).values()].filter((paths) => paths.size > 0).length;
    }
    const [feeder] = feedersOf[end];
    const { environment, signal } = this.asked;
    const query = { interest: digestsAlone, routers: [feeder], signal };
    const { routers } = await this.#patiently(() => readDaemon(this.daemon(feeder), environment, query));
    return routers.find(({ router }) => router === feeder)?.routeCount ?? 0;
  }

  /** What one end was told by the other, by the first of our routers behind it. */
  async #behind(end: End, prefix: string): Promise<RouteDetail[]> {
    const [router] = feedersOf[end];
    const query = { router, prefix: prefix as Prefix, table: "adjRibIn", session: "eth0" } as const;
    const routes = await readRoutes(this.asked, query);
    return routes.filter(({ attributes }) =>
      attributes.asPath.some(({ asns }) => asns.includes(asnOf[otherEnd[end]])),
    );
  }

  /** Has one end tell the other of these prefixes alone, beside those that there are many of. */
  async tell(end: End, prefixes: readonly string[]): Promise<void> {
    if (passesOn(this.pair[end])) await this.#exportOnly(feedersOf[end][0], prefixes);
    else await this.#tellByItself(end, prefixes);
  }

  /** Has one end tell the other of so many more prefixes that they come from elsewhere, or tell of them no more. */
  async tellMany(end: End, verb: "add" | "del"): Promise<void> {
    const { many } = prefixesOf(end);
    if (!passesOn(this.pair[end])) {
      const { announce, withdraw } = this.daemon(this.router(end)).orders ?? {};
      const order = verb === "add" ? announce : withdraw;
      if (order) await this.#order(end, order(many as Prefix[]));
      return;
    }
    const script = `printf 'route ${verb} blackhole %s proto static\\n' "$@" | ip -6 -batch -`;
    await this.runAt(feedersOf[end][1], ["sh", "-c", script, "sh", ...many]);
  }

  /** Runs a program in a router of the lab. @throws {Unproven} if it fails */
  async runAt(router: string, command: Command): Promise<void> {
    const { exitCode, stderr } = await this.#captureIn(router, command);
    if (exitCode !== 0) throw new Unproven(`${command[0]}: ${stderr}`);
  }

  /** What a program prints that is run behind one end, until it ends or is interrupted. */
  async capture(end: End, command: Command, interrupt?: AbortSignal): Promise<string> {
    return (await this.#captureIn(feedersOf[end][0], command, interrupt)).stdout;
  }

  #captureIn(router: string, command: Command, interrupt?: AbortSignal): Promise<Captured> {
    const { plan, environment, signal } = this.asked;
    const target = { lab: plan.lab, router };
    return environment.runtime.capture(target, command, { signal, ...(interrupt && { interrupt }) });
  }

  /** ExaBGP says what it is ordered to. */
  async #tellByItself(end: End, prefixes: readonly string[]): Promise<void> {
    const wanted = new Set(prefixes);
    const { announce, withdraw } = this.daemon(this.router(end)).orders ?? {};
    const fresh = prefixes.filter((prefix) => !this.#told[end].has(prefix));
    const gone = [...this.#told[end]].filter((prefix) => !wanted.has(prefix));
    this.#told[end] = wanted;
    for (const [words, own] of Map.groupBy(fresh, (prefix) => wordsFor(end, prefix).join("\n"))) {
      for (const each of words.split("\n")) {
        if (announce) await this.#order(end, announce(own as Prefix[], each));
      }
    }
    if (gone.length > 0 && withdraw) await this.#order(end, withdraw(gone as Prefix[]));
  }

  /** Has one of ours tell its only peer of these prefixes alone. */
  async #exportOnly(router: string, prefixes: readonly string[]): Promise<void> {
    const node = this.#nodeOf(router);
    const before = this.#exported.get(router) ?? node.router.sessions[0]?.exportPrefixes ?? [];
    if (before.join(" ") === prefixes.join(" ")) return;
    this.#exported.set(router, prefixes);
    const exportPrefixes = prefixes as readonly Prefix[];
    const sessions = node.router.sessions.map((session) => ({ ...session, exportPrefixes }));
    const changed = { ...node, router: { ...node.router, sessions } };
    await this.#patiently(() => perform({ type: "reconfigure", node: changed }, this.asked));
  }

  /** Has one end ask the other for all of its routes again. */
  async refresh(end: End): Promise<void> {
    await perform({ type: "soft-reset", router: this.router(end), session: "eth0" }, this.asked);
  }

  /** Has one end end the session with words for the other. */
  async shutdown(end: End, communication: string): Promise<void> {
    const { environment, signal } = this.asked;
    const router = this.router(end);
    const { probe, orders } = this.daemon(router);
    if (probe.type === "control") {
      const command = { type: "reset", router, session: "eth0", communication } as const;
      await environment.control.command(probe.socket, command, signal);
    } else if (orders?.shutdown) {
      await this.#order(end, orders.shutdown("eth0", communication));
    } else {
      throw new Unproven(`fe80 cannot tell ${this.pair[end]} to shut a session down with words`);
    }
  }

  /** Has one end end the session, and begin again. */
  async reset(end: End): Promise<void> {
    await perform({ type: "reset", router: this.router(end), session: "eth0" }, this.asked);
  }

  /** All that one end tells of itself, its log included, as it tells it. */
  async raw(end: End): Promise<string> {
    const daemon = this.daemon(this.router(end));
    const log = await readFile(this.#nodeOf(this.router(end)).router.log ?? daemon.log, "utf8").catch(
      () => "",
    );
    if (daemon.probe.type === "control") return `${JSON.stringify(await this.session(end))}\n${log}`;
    const { environment, signal } = this.asked;
    const outputs = await environment.runtime.run(daemon, daemon.probe.commands, { signal });
    return [...outputs, log].join("\n");
  }

  async #order(end: End, command: Command): Promise<void> {
    const { environment, signal } = this.asked;
    await environment.runtime.run(this.daemon(this.router(end)), [command], { signal });
  }

  #patiently<T>(ask: () => Promise<T>): Promise<T> {
    return askPatiently(this.asked.environment.clock, ask);
  }

  /** Looks until there is no reason left why something is not so. @throws {Unproven} with the last reason, when the time is up */
  until(what: string, reason: Reason, withinMs?: number): Promise<void> {
    const { environment, signal } = this.asked;
    return lookUntil(what, reason, { clock: environment.clock, signal, withinMs });
  }
}
