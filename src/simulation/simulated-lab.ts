import type { StatusEvent } from "../bgp/control/status.ts";
import type { ConnectionId } from "../bgp/session/state.ts";
import { Log } from "../bgp/speaker/log.ts";
import { Router, type RouterSetup } from "../bgp/speaker/router.ts";
import { Turns } from "../bgp/speaker/turns.ts";
import { Convergence } from "../checks/convergence.ts";
import { wholePrefix } from "../plan/loopback.ts";
import type { LinkEndPlan, NodePlan, Plan } from "../plan/plan.ts";
import { Random } from "../std/random.ts";
import { CollisionWatch } from "./collision-watch.ts";
import type { MemoryHost } from "./memory-host.ts";
import { MemoryNetwork } from "./memory-network.ts";
import { RouteWatch } from "./route-watch.ts";
import { SessionWatch } from "./session-watch.ts";
import { Storm } from "./storm.ts";
import { type TraceLine, traceLogLine } from "./trace.ts";
import { VirtualClock } from "./virtual-clock.ts";
import { Weather } from "./weather.ts";

export interface SimulatedLabOptions {
  /** All that is random follows from it. */
  readonly seed: number;
  /** How long nothing may change before the lab counts as converged, in milliseconds. */
  readonly settleMs: number;
  /** Hears of everything as it happens. */
  readonly trace?: ((line: TraceLine) => void) | undefined;
  /** Makes a node's router: our speaker unless given. */
  readonly createRouter?: ((setup: RouterSetup) => Router) | undefined;
}

/** Routers start within this time, where they do not start together. */
const STARTS_MS = 4_000;

/** A plan's routers and links in memory, in the weather that a seed brings. */
export class SimulatedLab {
  readonly plan: Plan;
  readonly clock = new VirtualClock();
  readonly weather: Weather;
  readonly network: MemoryNetwork;
  readonly convergence: Convergence;
  readonly sessions = new SessionWatch();
  readonly routes: ReadonlyMap<string, RouteWatch>;
  readonly collisions = new CollisionWatch();
  /** Lines of the routers' logs that should not be: internal errors. */
  readonly errors: string[] = [];
  /** By name, once started. */
  readonly routers = new Map<string, Router>();
  readonly hosts: ReadonlyMap<string, MemoryHost>;
  readonly #options: SimulatedLabOptions;
  readonly #random: Random;

  constructor(plan: Plan, options: SimulatedLabOptions) {
    this.plan = plan;
    this.#options = options;
    this.#random = new Random(options.seed);
    this.weather = new Weather(this.#random, this.clock);
    const { trace } = options;
    this.network = new MemoryNetwork(this.clock, {
      conditions: this.weather,
      observer: {
        note: trace && ((text) => this.#note(text)),
        sent: (from, octets) => this.collisions.sent(from, octets),
      },
    });
    this.convergence = new Convergence(plan, { settleMs: options.settleMs });
    this.hosts = new Map(plan.nodes.map(({ name }) => [name, this.network.host(name)]));
    this.routes = new Map([...this.hosts].map(([name, host]) => [name, new RouteWatch(host)]));
    const end = ({ router, ...rest }: LinkEndPlan) => ({
      host: this.host(router),
      ...rest,
      address: rest.linkLocal,
    });
    const links = plan.links.filter(({ ends }) => ends.every(({ router }) => this.hosts.has(router)));
    for (const { ends } of [...links, ...plan.segments]) this.network.link(...ends.map(end));
    for (const node of plan.nodes) this.#startInTime(node);
    this.#brewStorm();
  }

  host(router: string): MemoryHost {
    const host = this.hosts.get(router);
    if (!host) throw new RangeError(`no router is called ${router}`);
    return host;
  }

  #startInTime(node: NodePlan): void {
    const late = this.weather.strikes("lateStart");
    const ms = late ? Math.min(this.#random.between(0, STARTS_MS), this.weather.untilMs) : 0;
    this.clock.after(ms, () => this.#start(node));
  }

  #brewStorm(): void {
    const { clock, weather } = this;
    const sessions = this.plan.nodes.flatMap(({ router }) => router.sessions);
    const storm = new Storm({
      clock,
      weather,
      random: this.#random,
      holdTimes: sessions.every(({ timers }) => timers.holdTime > 0),
      note: (text) => this.#note(text),
    });
    for (const wire of this.network.wires) storm.threaten(wire);
    clock.after(weather.untilMs, () => this.#note(() => "the weather is good from now on"));
  }

  #start({ name, router: config, loopback }: NodePlan): void {
    if (config.redistribute.includes("connected")) this.host(name).setOthers(loopback.map(wholePrefix));
    const { createRouter = (setup) => new Router(setup), trace } = this.#options;
    const router = createRouter({
      config,
      host: this.host(name),
      clock: this.clock,
      random: () => this.#random.fraction(),
      log: new Log(
        { clock: this.clock, hostname: "simulation", pid: 1, write: (line) => this.#logged(line) },
        { common: { router: name }, threshold: trace ? "debug" : "error" },
      ),
      newConnectionId: () => this.#random.next().toString(16).padStart(8, "0") as ConnectionId,
      turns: new Turns(this.clock),
      publish: (event) => this.#observe(name, event),
      interests: () => ({ routes: "all", digests: false }),
    });
    this.routers.set(name, router);
    this.#observe(name, { type: "status", ...router.status });
    router.start();
  }

  #observe(router: string, event: StatusEvent): void {
    this.convergence.observe(event, this.clock.now());
    this.sessions.observe(event);
    this.routes.get(router)?.observe(event);
  }

  #logged(line: string): void {
    const traced = traceLogLine(line, this.clock.now());
    if (JSON.parse(line).level >= ERROR) this.errors.push(`${traced.router}: ${traced.text}`);
    this.#options.trace?.(traced);
  }

  #note(text: () => string): void {
    this.#options.trace?.({ atMs: this.clock.now(), router: null, ifname: null, text: text() });
  }
}

/** bunyan's number. */
const ERROR = 50;
