import type { Interest } from "../../bgp/control/interest.ts";
import type { SessionStatus, StatusEvent } from "../../bgp/control/status.ts";
import { Convergence } from "../../checks/convergence.ts";
import { formatSessionEnd } from "../../net/session-name.ts";
import type { Plan } from "../../plan/plan.ts";
import type { StepMoment } from "../../report/step-report.ts";
import type { Observer } from "../watch.ts";

/** So many moments of a step are kept. */
const maxMoments = 500;

/** Judges a lab by one expectation after another, and notes when sessions come and go meanwhile. */
export class StepObserver implements Observer {
  #convergence: Convergence;
  readonly #established = new Set<string>();
  #startedAtMs = 0;
  #lostAtMs: number | undefined;
  #changedAtMs: number | undefined;
  #movedAtMs = 0;
  #moments: StepMoment[] = [];
  /** Is told of routers that cannot be asked any more. */
  onLost: (routers: readonly string[]) => void = () => {};

  constructor(plan: Plan) {
    this.#convergence = new Convergence(plan);
  }

  get convergence(): Convergence {
    return this.#convergence;
  }

  /** Each step looks at others. */
  get interest(): Interest {
    return "all";
  }

  /** Another step begins. */
  begin(plan: Plan, nowMs: number): void {
    this.#convergence = this.#convergence.judgedBy(plan, nowMs);
    this.#startedAtMs = nowMs;
    this.#movedAtMs = nowMs;
    this.#lostAtMs = undefined;
    this.#changedAtMs = undefined;
    this.#moments = [];
  }

  /** Notes what is done to the lab, or becomes of it. */
  note(text: string, nowMs: number): void {
    if (this.#moments.length < maxMoments) this.#moments.push({ afterMs: this.after(nowMs), text });
  }

  /** Since the step has begun, in whole milliseconds. */
  after(nowMs: number): number {
    return Math.round(nowMs - this.#startedAtMs);
  }

  get timeline(): readonly StepMoment[] {
    return this.#moments;
  }

  /** When a session was lost in this step, or without that when anything changed. */
  get detectedAtMs(): number | undefined {
    return this.#lostAtMs ?? this.#changedAtMs;
  }

  /** When a session came or went for the last time in this step. */
  get movedAtMs(): number {
    return this.#movedAtMs;
  }

  observe(event: StatusEvent, nowMs: number): void {
    if (event.type === "status") for (const session of event.sessions) this.#look(session, nowMs);
    else this.#changedAtMs ??= nowMs;
    if (event.type === "session") this.#look(event.session, nowMs);
    this.#convergence.observe(event, nowMs);
  }

  lose(routers: readonly string[], reason: string): void {
    for (const end of this.#established) {
      if (routers.some((router) => end.startsWith(`${router}:`))) this.#established.delete(end);
    }
    this.#convergence.lose(routers, reason);
    this.onLost(routers);
  }

  #look(session: SessionStatus, nowMs: number): void {
    const end = formatSessionEnd(session);
    const isEstablished = session.state === "Established";
    if (isEstablished === this.#established.has(end)) return;
    if (isEstablished) this.#established.add(end);
    else this.#established.delete(end);
    this.#changedAtMs ??= nowMs;
    this.#movedAtMs = nowMs;
    if (!isEstablished) this.#lostAtMs ??= nowMs;
    const why = session.lastError === null ? "" : `: ${session.lastError}`;
    this.note(isEstablished ? `${end} is Established` : `${end} is ${session.state}${why}`, nowMs);
  }
}
