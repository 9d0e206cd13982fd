import {
  defaultRouter,
  defaultSession,
  defaultTimers,
  type RouterConfig,
  type SessionConfig,
} from "../../src/bgp/config/config.ts";
import type { SessionStatus, StatusEvent } from "../../src/bgp/control/status.ts";
import { Log } from "../../src/bgp/speaker/log.ts";
import { Router } from "../../src/bgp/speaker/router.ts";
import { targetKey } from "../../src/bgp/speaker/targets.ts";
import { Turns } from "../../src/bgp/speaker/turns.ts";
import type { Address, RouterId } from "../../src/net/address.ts";
import { asn } from "../../src/net/asn.ts";
import { prefix } from "../../src/net/prefix.ts";
import type { MemoryHost } from "../../src/simulation/memory-host.ts";
import { MemoryNetwork } from "../../src/simulation/memory-network.ts";
import { VirtualClock } from "../../src/simulation/virtual-clock.ts";
import type { Clock } from "../../src/std/clock.ts";
import { connectionId } from "./session.ts";

interface Member {
  readonly host: MemoryHost;
  readonly router: Router;
  /** Every line of its log, parsed. */
  readonly log: Record<string, string>[];
  readonly events: StatusEvent[];
  /** Whether its program is gone. */
  readonly life: { over: boolean };
}

/** Routers `r1`, `r2`, … in a chain, on a virtual clock; router N is AS 64511 + N and originates 10.0.N.0/24. */
export class MemoryLab {
  readonly clock = new VirtualClock();
  readonly network = new MemoryNetwork(this.clock);
  readonly members: Member[] = [];
  readonly #change: Partial<SessionConfig>;
  readonly #routerChange: Partial<RouterConfig>;
  #connections = 0;

  /** @param change what all sessions have otherwise than by default @param routerChange the same of all routers */
  constructor(size: number, change: Partial<SessionConfig> = {}, routerChange: Partial<RouterConfig> = {}) {
    this.#change = change;
    this.#routerChange = routerChange;
    for (let number = 1; number <= size; number++) this.members.push(this.#member(number, size));
    for (let number = 1; number < size; number++) {
      this.network.link(
        { host: this.member(number).host, ifname: "eth1", address: `fe80::${number}` as Address },
        { host: this.member(number + 1).host, ifname: "eth0", address: `fe80::${number + 1}` as Address },
      );
    }
  }

  start(): void {
    for (const { router } of this.members) router.start();
  }

  /** @param number counted from 1 */
  member(number: number): Member {
    const member = this.members[number - 1];
    if (!member) throw new Error(`there is no router ${number}`);
    return member;
  }

  session(number: number, ifname: string): SessionStatus {
    const found = this.member(number).router.status.sessions.find((session) => session.ifname === ifname);
    if (!found) throw new Error(`r${number} has no session on ${ifname}`);
    return found;
  }

  /** What a router would forward: prefixes and where to. */
  forwarding(number: number): Record<string, string> {
    const routes = [...this.member(number).host.routes].sort();
    return Object.fromEntries(routes.map(([prefix, target]) => [prefix, targetKey(target)]));
  }

  /** A router's program ends all at once: its routes stay in the kernel, and its peers lose their connections. */
  crash(number: number): void {
    const { host, life } = this.member(number);
    life.over = true;
    host.crash();
  }

  /** A router's program starts again. */
  restart(number: number, change: Partial<RouterConfig> = {}): void {
    const { host, log, events } = this.member(number);
    const config = { ...this.#config(number, this.members.length), ...change };
    const member = this.#run({ config, host, log, events });
    this.members[number - 1] = member;
    member.router.start();
  }

  #member(number: number, size: number): Member {
    const host = this.network.host(`r${number}`);
    return this.#run({ config: this.#config(number, size), host, log: [], events: [] });
  }

  #run({ config, ...member }: { config: RouterConfig } & Omit<Member, "router" | "life">): Member {
    const { host, log, events } = member;
    const write = (line: string) => void log.push(JSON.parse(line));
    const common = { router: host.name };
    const life = { over: false };
    const clock: Clock = {
      now: () => this.clock.now(),
      wallTime: () => this.clock.wallTime(),
      after: (ms, task) => this.clock.after(ms, () => life.over || task()),
    };
    const router = new Router({
      config,
      host,
      clock,
      random: () => 1,
      log: new Log({ clock, hostname: "memory", pid: 1, write }, { common, threshold: "trace" }),
      newConnectionId: () => connectionId((++this.#connections).toString(16).padStart(8, "0")),
      turns: new Turns(clock),
      publish: (event) => void events.push(event),
      interests: () => ({ routes: "all", digests: false }),
    });
    return { ...member, router, life };
  }

  #config(number: number, size: number): RouterConfig {
    const neighbors = {
      eth0: number > 1 ? number - 1 : undefined,
      eth1: number < size ? number + 1 : undefined,
    };
    const timers = { ...defaultTimers, holdTime: 6, keepaliveTime: 3 };
    return {
      ...defaultRouter,
      ...this.#routerChange,
      name: `r${number}`,
      netns: null,
      log: null,
      logLevel: "trace",
      asn: asn(64511 + number),
      routerId: `0.0.0.${number}` as RouterId,
      originate: [prefix(`10.0.${number}.0/24`)],
      sessions: Object.entries(neighbors).flatMap(([ifname, peer]) =>
        peer === undefined
          ? []
          : [{ ...defaultSession, ...this.#change, ifname, remoteAs: asn(64511 + peer), timers }],
      ),
    };
  }
}
