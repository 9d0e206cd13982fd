import type { RouteStatus, StatusEvent } from "../bgp/control/status.ts";
import { formatSessionEnd } from "../net/session-name.ts";
import type { MemoryHost } from "./memory-host.ts";

/** Sees to it that a router's routes go with their session, and its forwarding table goes with its routes. */
export class RouteWatch {
  readonly #host: MemoryHost;
  readonly #routes = new Map<string, RouteStatus>();
  readonly problems: string[] = [];

  constructor(host: MemoryHost) {
    this.#host = host;
  }

  observe(event: StatusEvent): void {
    switch (event.type) {
      case "status":
        for (const route of event.routes) this.#routes.set(route.prefix, route);
        break;
      case "route":
        this.#routes.set(event.route.prefix, event.route);
        this.#compare(event.route);
        break;
      case "routeGone":
        this.#routes.delete(event.prefix);
        if (this.#host.routes.has(event.prefix)) this.#report(`still forwards ${event.prefix}`);
        break;
      case "session":
        if (event.session.state !== "Established") this.#expectNoneOver(event.session);
        break;
      case "router":
        return;
      default:
        event satisfies never;
    }
  }

  /** A route is told of only when it forwards; it may forward no more as soon as its interface goes down, before the router hears of that. */
  #compare({ prefix, nextHops, kernel }: RouteStatus): void {
    const target = this.#host.routes.get(prefix) ?? [];
    const addresses = target === "blackhole" ? [] : target.map(({ address }) => address);
    const [forwarded, told] = [addresses.toSorted(), nextHops.map(({ nextHop }) => nextHop).toSorted()];
    if (kernel !== "installed" || this.#host.hasNews || forwarded.join() === told.join()) return;
    this.#report(
      `tells that it forwards ${prefix} via ${told.join(", ")}, which goes via ${forwarded.join(", ") || "nowhere"}`,
    );
  }

  #expectNoneOver(session: { router: string; session: string; state: string }): void {
    const left = [...this.#routes.values()].filter((route) => route.session === session.session);
    if (left.length === 0) return;
    const prefixes = left.map(({ prefix }) => prefix).join(", ");
    this.#report(`uses ${prefixes} of ${formatSessionEnd(session)}, which is ${session.state}`);
  }

  #report(problem: string): void {
    this.problems.push(`${this.#host.name} ${problem}`);
  }
}
