import type { Check } from "../../plan/plan.ts";
import { type StatusFacts, statusMismatch } from "./status-check.ts";

/** The checks of one router that what it tells with each change decides. */
export class StatusChecks {
  readonly #checks: readonly Check[];
  #mismatches: readonly string[];

  constructor(checks: readonly Check[]) {
    this.#checks = checks.filter(({ type }) => type !== "kernel" && type !== "ping");
    this.#mismatches = this.#checks.map(({ router }) => `${router} has not answered yet`);
  }

  /** What is not as it should be, a sentence each. */
  get mismatches(): readonly string[] {
    return this.#mismatches;
  }

  /** The router tells this now; undefined if it does not answer. */
  look(facts: StatusFacts | undefined): void {
    this.#mismatches = this.#checks.flatMap((check) =>
      facts ? (statusMismatch(check, facts) ?? []) : `${check.router} does not answer`,
    );
  }
}
