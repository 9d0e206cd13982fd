import type { RouteQuery } from "../../src/bgp/control/route-detail.ts";
import type { StatusEvent } from "../../src/bgp/control/status.ts";
import { Log } from "../../src/bgp/speaker/log.ts";
import { Router } from "../../src/bgp/speaker/router.ts";
import { Turns } from "../../src/bgp/speaker/turns.ts";
import { wholePrefix } from "../../src/plan/loopback.ts";
import type { LinkEndPlan, Plan } from "../../src/plan/plan.ts";
import type { MemoryHost } from "../../src/simulation/memory-host.ts";
import { MemoryNetwork } from "../../src/simulation/memory-network.ts";
import { VirtualClock } from "../../src/simulation/virtual-clock.ts";
import type { Wire } from "../../src/simulation/wire.ts";
import { connectionId } from "./session.ts";

/** A plan's lab in memory, in good weather. */
export class PlannedLab {
  readonly plan: Plan;
  readonly clock = new VirtualClock();
  readonly network = new MemoryNetwork(this.clock);
  readonly hosts: ReadonlyMap<string, MemoryHost>;
  readonly routers: ReadonlyMap<string, Router>;
  /** Hears of every change from now on. */
  onEvent: (event: StatusEvent) => void = () => {};
  #connections = 0;

  constructor(plan: Plan) {
    this.plan = plan;
    this.hosts = new Map(plan.nodes.map(({ name }) => [name, this.network.host(name)]));
    const end = ({ router, linkLocal, ...rest }: LinkEndPlan) => ({
      ...rest,
      host: this.host(router),
      address: linkLocal,
    });
    for (const { ends } of plan.links) this.network.link(end(ends[0]), end(ends[1]));
    this.routers = new Map(plan.nodes.map((node) => [node.name, this.#router(node)]));
  }

  host(name: string): MemoryHost {
    return found(this.hosts, name);
  }

  router(name: string): Router {
    return found(this.routers, name);
  }

  /** The link of an interface. */
  wire(router: string, ifname: string): Wire {
    const ends = (wire: Wire) => wire.ends.map(({ host, ifname }) => `${host.name}:${ifname}`);
    const wire = this.network.wires.find((each) => ends(each).includes(`${router}:${ifname}`));
    if (!wire) throw new Error(`no link at ${router}:${ifname}`);
    return wire;
  }

  start(): void {
    for (const router of this.routers.values()) router.start();
  }

  /** What a router tells of routes when it is asked. */
  routes(query: RouteQuery) {
    return [...(this.router(query.router).routes(query) ?? [])];
  }

  #router({ name, router: config, loopback }: Plan["nodes"][number]): Router {
    const host = this.host(name);
    if (config.redistribute.includes("connected")) host.setOthers(loopback.map(wholePrefix));
    const write = () => {};
    return new Router({
      config,
      host,
      clock: this.clock,
      random: () => 1,
      log: new Log(
        { clock: this.clock, hostname: "memory", pid: 1, write },
        { common: {}, threshold: "error" },
      ),
      newConnectionId: () => connectionId((++this.#connections).toString(16).padStart(8, "0")),
      turns: new Turns(this.clock),
      publish: (event) => this.onEvent(event),
      interests: () => ({ routes: "all", digests: false }),
    });
  }
}

function found<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined) throw new Error(`no router is called ${name}`);
  return value;
}
