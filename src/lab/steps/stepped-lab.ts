import type { Problem } from "../../checks/problems.ts";
import type { Daemon } from "../../kinds/kind.ts";
import { type Action, formatAction } from "../../plan/action.ts";
import { type Damage, harm, unharmed } from "../../plan/damage.ts";
import { damagedPlan } from "../../plan/damaged-plan.ts";
import type { NodePlan, Plan } from "../../plan/plan.ts";
import type { StepReport } from "../../report/step-report.ts";
import { LabError } from "../../std/errors.ts";
import type { Topology } from "../../topology/topology.ts";
import { perform } from "../actions/perform.ts";
import { leftInBudget, overBudget } from "../budget.ts";
import { awaitDetails } from "../details.ts";
import { daemonsFor, planPaths } from "../lab-directory.ts";
import { Watch } from "../watch.ts";
import { explainProblems } from "../why.ts";
import type { Asked } from "../why-facts.ts";
import type { SingleStep } from "./each-step.ts";
import { flowProblems, startFlows } from "./flows.ts";
import { StepObserver } from "./step-observer.ts";

/** A running lab to which steps are done, one after another. */
export class SteppedLab implements AsyncDisposable {
  readonly #asked: Asked;
  readonly #observer: StepObserver;
  #watch: Watch;
  /** What each router was told of itself. */
  readonly #told: Map<string, NodePlan>;
  #damage: Damage;
  #known: Promise<void> | undefined;

  constructor(topology: Topology, asked: Asked) {
    const { plan, daemons, signal } = asked;
    // What was brought up says which processes there are, not the steps that are taken now.
    const processes = plan.isolated ? "isolated" : asked.environment.processes;
    const environment = { ...asked.environment, processes };
    this.#asked = { ...asked, environment };
    this.#damage = unharmed({ ...topology, steps: [] });
    this.#told = new Map(plan.nodes.map((node) => [node.name, node]));
    this.#observer = new StepObserver(plan);
    this.#watch = new Watch({ daemons, observer: this.#observer, signal }, environment);
  }

  /** Resolves once all routers have told what there is, or should have. */
  async #answered(): Promise<void> {
    const { withinMs: timeoutMs } = this.#asked.plan.expectation;
    await this.#watch.until({ dueAtMs: () => this.#observer.convergence.answeredAtMs, timeoutMs });
  }

  /** Does a step, and waits until all is as it must be then. @throws the signal's reason, and whatever is no {@link LabError} */
  async take(step: SingleStep): Promise<StepReport> {
    const { clock } = this.#asked.environment;
    this.#known ??= this.#answered();
    await this.#known;
    const { damage, actions } = harm(this.#damage, step.work.actions);
    const startedAtMs = clock.now();
    const facts = await this.#attempt(step, { damage, actions });
    this.#damage = damage;
    const { problems } = facts;
    const passed = problems.length === 0;
    const observer = this.#observer;
    const { sessions, routes } = observer.convergence.verdict(clock.now());
    const after = (ms: number | null | undefined) =>
      ms === null || ms === undefined ? null : observer.after(ms);
    return {
      name: step.name,
      place: step.place,
      passed,
      ...facts,
      detectedAfterMs: after(observer.detectedAtMs),
      reconvergedAfterMs: passed ? after(this.#reconvergedAtMs) : null,
      settledAfterMs: passed ? after(clock.now()) : null,
      durationMs: Math.round(clock.now() - startedAtMs),
      expected: { sessions, routes },
      timeline: observer.timeline,
      steps: passed ? [] : step.chosen,
    };
  }

  /** What a step comes to; an error that somebody else can make is a problem of the lab's. */
  async #attempt(step: SingleStep, done: { damage: Damage; actions: readonly Action[] }): Promise<Outcome> {
    const { signal } = this.#asked;
    try {
      const plan = damagedPlan(done.damage, step, this.#paths);
      return await this.#carryOut(step, { ...done, plan });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof LabError)) throw error;
      const actions = done.actions.map(formatAction);
      const reason = error.hint === undefined ? error.message : `${error.message} (${error.hint})`;
      return { actions, flows: [], problems: [{ type: "lab", reason }], explanations: [] };
    }
  }

  async #carryOut(
    step: SingleStep,
    { damage, actions, plan }: { damage: Damage; actions: readonly Action[]; plan: Plan },
  ): Promise<Outcome> {
    const { environment, signal } = this.#asked;
    const asked = { plan, daemons: daemonsFor(plan, environment), environment, signal };
    await using flows = await startFlows(asked, step.flows);
    const startedAtMs = environment.clock.now();
    this.#observer.begin(plan, startedAtMs);
    await this.#perform(actions, asked);
    const told = this.#untold(plan, damage);
    // One after another: each of them is put on record.
    for (const action of told) await this.#perform([action], asked);
    if (told.length > 0) await this.#watchAgain(asked);
    const deadlineAtMs = startedAtMs + step.limits.withinMs;
    const unmet = await this.#judge(asked, deadlineAtMs);
    const sent = await flows.end();
    const problems = [
      ...unmet,
      ...sent.flatMap((flow, index) => flowProblems(flow, step.flows[index]?.maxLost)),
    ];
    return {
      actions: [...actions, ...told].map(formatAction),
      flows: sent,
      problems,
      explanations: await explainProblems(asked, unmet),
    };
  }

  async #perform(actions: readonly Action[], asked: Asked): Promise<void> {
    const { clock } = asked.environment;
    for (const action of actions) this.#observer.note(formatAction(action), clock.now());
    await Promise.all(actions.map((action) => perform(action, asked)));
  }

  /** What routers must be told that they have not been told yet; one that was just started knows it already. */
  #untold(plan: Plan, after: Damage): Action[] {
    const { stopped } = this.#damage;
    const reachable = plan.nodes.filter(({ name }) => !after.stopped.has(name) && !after.paused.has(name));
    return reachable.flatMap((node): Action[] => {
      const former = this.#told.get(node.name);
      this.#told.set(node.name, node);
      const isKnown = JSON.stringify(former) === JSON.stringify(node) || stopped.has(node.name);
      return isKnown ? [] : [{ type: "reconfigure", node, ...(former && { former: former.router }) }];
    });
  }

  /** What programs tell of themselves is read by what they were told: of ours nothing, of ExaBGP what it originates. */
  async #watchAgain({ daemons, environment, signal }: Asked): Promise<void> {
    const isOther = ({ probe }: Daemon) => probe.type !== "control";
    if (!daemons.some(isOther)) return;
    await this.#watch[Symbol.asyncDispose]();
    this.#watch = new Watch({ daemons, observer: this.#observer, signal }, environment);
  }

  async #judge(asked: Asked, deadlineAtMs: number): Promise<readonly Problem[]> {
    const { clock } = asked.environment;
    const { convergence } = this.#observer;
    const { expectation } = asked.plan;
    const nowMs = clock.now();
    const leftMs = leftInBudget(expectation, this.#observer.after(nowMs));
    const timeoutMs = Math.min(Math.max(0, deadlineAtMs - nowMs), leftMs);
    const dueAtMs = () => convergence.settlesAtMs;
    const outcome = await this.#watch.until({ dueAtMs, timeoutMs, over: this.#crash(asked) });
    const reached = outcome === "reached";
    const convergedAfterMs = reached ? this.#observer.after(this.#reconvergedAtMs) : null;
    const pace = { convergedAfterMs, elapsedMs: this.#observer.after(clock.now()) };
    const late = overBudget("the lab", expectation, pace);
    if (!reached) return [...late, ...convergence.verdict(clock.now()).problems];
    return [...late, ...(await awaitDetails(asked, deadlineAtMs))];
  }

  /** When nothing changed any more, once that is so. */
  get #reconvergedAtMs(): number {
    const { convergence, movedAtMs } = this.#observer;
    const { convergedAtMs } = convergence.verdict(this.#asked.environment.clock.now());
    // Sessions that must go are no part of what is expected.
    return Math.max(convergedAtMs ?? 0, movedAtMs);
  }

  /** Resolves once the process of a router that should be there has ended by itself. */
  #crash({ plan, daemons, environment }: Asked): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const { away = [] } = plan.expectation;
    const seen = new Set<Daemon>();
    this.#observer.onLost = (routers) => {
      const daemon = daemons.find((each) => each.routers.some((name) => routers.includes(name)));
      if (!daemon || seen.has(daemon) || daemon.routers.every((name) => away.includes(name))) return;
      seen.add(daemon);
      const state = environment.runtime.stateOf(plan.lab, daemon);
      state.then((found) => (found === "ended" ? resolve() : seen.delete(daemon)), reject);
    };
    return promise;
  }

  get #paths() {
    const { plan, environment } = this.#asked;
    return planPaths(plan.lab, environment.directories);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watch[Symbol.asyncDispose]();
  }
}

type Outcome = Pick<StepReport, "actions" | "flows" | "problems" | "explanations">;
