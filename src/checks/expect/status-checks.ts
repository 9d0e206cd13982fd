import type { Check } from "../../plan/plan.ts";
import { unreachable } from "../../std/errors.ts";
import type { CheckSubject, Problem } from "../problems.ts";
import { type StatusFacts, statusMismatch } from "./status-check.ts";

/** The checks of one router that what it tells with each change decides. */
export class StatusChecks {
  readonly #checks: readonly Check[];
  #problems: readonly Problem[];

  constructor(checks: readonly Check[]) {
    this.#checks = checks.filter(({ type }) => type !== "kernel" && type !== "ping");
    this.#problems = this.#checks.map((check) => unmet(check, `${check.router} has not answered yet`));
  }

  /** One for each check that is not met. */
  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** The router tells this now; undefined if it does not answer. */
  look(facts: StatusFacts | undefined): void {
    this.#problems = this.#checks.flatMap((check) => {
      const reason = facts ? statusMismatch(check, facts) : `${check.router} does not answer`;
      return reason === undefined ? [] : unmet(check, reason);
    });
  }
}

/** A check that is not met, and why. */
export function unmet(check: Check, reason: string): Problem {
  const { router, place } = check;
  return { type: "check", router, reason, ...subjectOf(check), ...(place && { place }) };
}

function subjectOf(check: Check): CheckSubject {
  switch (check.type) {
    case "session":
      return { session: check.session };
    case "route":
    case "kernel":
      return { prefix: check.prefix };
    case "ping":
      return { to: check.to };
    case "routeCount":
      return {};
    default:
      return unreachable(check);
  }
}
