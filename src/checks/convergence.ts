import type { Interest } from "../bgp/control/interest.ts";
import type { Status, StatusEvent } from "../bgp/control/status.ts";
import type { Plan } from "../plan/plan.ts";
import { unreachable } from "../std/errors.ts";
import { StatusChecks } from "./expect/status-checks.ts";
import { ExpectedDigests } from "./expected-digest.ts";
import { type Problem, problemsOf } from "./problems.ts";
import { RouterCheck } from "./router-check.ts";

/** Whether a lab has converged, and if not, what is wrong. */
export interface Verdict {
  readonly converged: boolean;
  /** When the last thing changed, on the clock of the observations; null unless converged. */
  readonly convergedAtMs: number | null;
  readonly sessions: Tally;
  readonly routes: Tally;
  /** Each session and route that is not as the plan expects. */
  readonly problems: readonly Problem[];
}

/** How many of the expected things are as expected. */
export interface Tally {
  readonly met: number;
  readonly expected: number;
}

/**
 * Watches a lab come up, and judges it against its plan's expectation.
 *
 * An observation costs what it changes, not what the lab holds. A change is another state, connection or count of a
 * session, or another best route: facts that move on even where a state looks the same before and after.
 */
export class Convergence {
  readonly #plan: Plan;
  readonly #settleMs: number;
  readonly #forMs: number;
  readonly #checks: ReadonlyMap<string, StatusChecks>;
  #rightSinceMs = 0;
  readonly #routers: ReadonlyMap<string, RouterCheck>;
  #wrong = 0;
  #changedAtMs = 0;

  /** @param options.settleMs how long nothing may change; the plan's own unless given, which says for how long all must hold, too */
  constructor(plan: Plan, options: { settleMs?: number } = {}) {
    this.#plan = plan;
    this.#settleMs = options.settleMs ?? plan.expectation.settleMs;
    this.#forMs = options.settleMs === undefined ? (plan.expectation.forMs ?? 0) : 0;
    const checks = Map.groupBy(plan.expectation.checks ?? [], ({ router }) => router);
    this.#checks = new Map(Array.from(checks, ([router, own]) => [router, new StatusChecks(own)]));
    const sessions = Map.groupBy(plan.expectation.sessions, ({ router }) => router);
    const routes = Map.groupBy(plan.expectation.routes, ({ router }) => router);
    const digests = new ExpectedDigests();
    const { areRoutesOpen = false, openPrefixes, away = [] } = plan.expectation;
    const open: ReadonlySet<string> = new Set(openPrefixes);
    const routerIds = new Map(plan.nodes.map(({ name, router }) => [name, router.routerId]));
    this.#routers = new Map(
      plan.nodes.map(({ name, router: { install } }) => {
        const own = { sessions: sessions.get(name) ?? [], routes: routes.get(name) ?? [] };
        const isAway = away.includes(name);
        const isOpen = (prefix: string) => areRoutesOpen || isAway || open.has(prefix);
        return [name, new RouterCheck({ ...own, isOpen, isAway, routerIds, install, digests })];
      }),
    );
    for (const router of this.#routers.values()) this.#wrong += router.wrong;
    for (const { problems } of this.#checks.values()) this.#wrong += problems.length;
  }

  /**
   * The same lab judged by another expectation from now on; what its routers have told is still known.
   *
   * For observations of all routes: what a digest told is not.
   */
  judgedBy(plan: Plan, nowMs: number): Convergence {
    const next = new Convergence(plan);
    next.observe({ type: "status", ...this.status() }, nowMs);
    return next;
  }

  /** Takes in what a probe told at that moment. */
  observe(event: StatusEvent, nowMs: number): void {
    switch (event.type) {
      case "status":
        this.#observeAll(event, nowMs);
        break;
      case "session":
        this.#update(event.session.router, nowMs, (check) => check.session(event.session));
        break;
      case "router":
        this.#update(event.router.router, nowMs, (check) => check.routes.digest(event.router));
        break;
      case "route":
        this.#update(event.route.router, nowMs, (check) => check.routes.route(event.route));
        break;
      case "routeGone":
        this.#update(event.router, nowMs, (check) => check.routes.gone(event.prefix));
        break;
      default:
        unreachable(event);
    }
  }

  /** These routers cannot be asked any more, and why. */
  lose(routers: readonly string[], reason: string): void {
    for (const router of routers) this.#update(router, this.#changedAtMs, (check) => check.lose(reason));
  }

  /** When the lab will have converged if nothing changes until then; undefined while something is not as expected. */
  get settlesAtMs(): number | undefined {
    if (this.#wrong > 0) return undefined;
    return Math.max(this.#changedAtMs + this.#settleMs, this.#rightSinceMs + this.#forMs);
  }

  /** When the last thing changed, once every router has answered; undefined before. */
  get answeredAtMs(): number | undefined {
    const all = [...this.#routers.values()].every(({ answered }) => answered);
    return all ? this.#changedAtMs : undefined;
  }

  verdict(nowMs: number): Verdict {
    const settlesAtMs = this.settlesAtMs;
    const converged = settlesAtMs !== undefined && nowMs >= settlesAtMs;
    const { sessions, routes } = this.#plan.expectation;
    const routers = [...this.#routers.values()];
    const met = (unmet: (router: RouterCheck) => number, expected: number): Tally => ({
      met: expected - routers.reduce((sum, router) => sum + unmet(router), 0),
      expected,
    });
    return {
      converged,
      convergedAtMs: converged ? this.#changedAtMs : null,
      sessions: met((router) => router.unmetSessions.size, sessions.length),
      routes: met((router) => router.routes.unmet, routes.length),
      problems: converged
        ? []
        : [...this.#unsettled(nowMs), ...problemsOf(this.#plan, this.#routers), ...this.#unmet()],
    };
  }

  /** Which routes must be told one by one: those that the file's checks look at; all if nobody knows whether some are there. */
  get interest(): Interest {
    const { checks = [], openPrefixes = [] } = this.#plan.expectation;
    if (openPrefixes.length > 0) return "all";
    return new Set(checks.flatMap((check) => (check.type === "route" ? check.prefix : [])));
  }

  /** Routers that have told a digest of their routes alone; those first of which it says that not all are right. */
  get digested(): readonly string[] {
    const all = [...this.#routers].filter(([, { routes }]) => routes.isDigested);
    const [right, wrong] = [true, false].map((is) =>
      all.filter(([, { routes }]) => routes.isDigestRight === is),
    );
    return [...(wrong ?? []), ...(right ?? [])].map(([name]) => name);
  }

  /** How many prefixes a router has routes to, as far as it is known. */
  routeCountOf(router: string): number {
    return this.#routers.get(router)?.routeCount ?? 0;
  }

  /** All that is known of the routers that have answered, in the plan's order; only routes that were told one by one. */
  status(): Status {
    const answering = this.#plan.nodes.filter(({ name }) => this.#routers.get(name)?.answered);
    const checks = answering.flatMap(({ name }) => this.#routers.get(name) ?? []);
    return {
      routers: answering.map(({ name, router: { asn, routerId } }, index) => {
        return { router: name, asn, routerId, routeCount: checks[index]?.routeCount ?? 0 };
      }),
      sessions: checks.flatMap((check) => [...check.sessions]),
      routes: checks.flatMap((check) => [...check.routes.told]),
    };
  }

  /** Nothing is missing but time. */
  #unsettled(nowMs: number): Problem[] {
    if (this.#wrong > 0) return [];
    if (nowMs - this.#changedAtMs >= this.#settleMs) {
      const sinceMs = Math.round(nowMs - this.#rightSinceMs);
      return [
        { type: "lab", reason: `all is as expected for ${sinceMs} ms, and must be so for ${this.#forMs} ms` },
      ];
    }
    const reason = `all is as expected, but the last change was ${Math.round(nowMs - this.#changedAtMs)} ms ago`;
    return [{ type: "lab", reason: `${reason}, and it must stay so for ${this.#settleMs} ms` }];
  }

  /** One problem for each check of the file's that is not met. */
  #unmet(): Problem[] {
    return Array.from(this.#checks.values()).flatMap(({ problems }) => problems);
  }

  #observeAll(status: Status, nowMs: number): void {
    const sessions = Map.groupBy(status.sessions, ({ router }) => router);
    const routes = Map.groupBy(status.routes, ({ router }) => router);
    for (const told of status.routers) {
      const { router } = told;
      const found = {
        router: told,
        sessions: sessions.get(router) ?? [],
        routes: routes.get(router) ?? [],
      };
      this.#update(router, nowMs, (check) => check.replace(found));
    }
  }

  #update(router: string, nowMs: number, change: (check: RouterCheck) => boolean): void {
    const check = this.#routers.get(router);
    if (check === undefined) return;
    const wasWrong = this.#wrong > 0;
    const own = this.#checks.get(router);
    const before = check.wrong + (own?.problems.length ?? 0);
    if (change(check)) this.#changedAtMs = nowMs;
    own?.look(check.answered ? check : undefined);
    this.#wrong += check.wrong + (own?.problems.length ?? 0) - before;
    if (wasWrong && this.#wrong === 0) this.#rightSinceMs = nowMs;
  }
}
