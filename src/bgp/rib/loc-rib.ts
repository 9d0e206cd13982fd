import type { Prefix } from "../../net/prefix.ts";
import type { NextHop } from "../wire/message.ts";
import { decide } from "./decision.ts";
import type { Local } from "./local.ts";
import type { BestChange, Route } from "./route.ts";

type Best = NonNullable<BestChange["best"]>;

/** The best route to each prefix (RFC 4271 §3.2), and which rule made it so. */
export class LocRib {
  readonly #local: Local;
  readonly #best = new Map<Prefix, Best>();

  constructor(local: Local) {
    this.#local = local;
  }

  get(prefix: Prefix): Best | undefined {
    return this.#best.get(prefix);
  }

  all(): Iterable<Best> {
    return this.#best.values();
  }

  /**
   * Decides anew between all routes to a prefix.
   *
   * @returns undefined if the best stays the same route, even if another rule now makes it so
   */
  choose(prefix: Prefix, routes: readonly Route[]): BestChange | undefined {
    const former = this.#best.get(prefix);
    const decision = decide(routes, this.#local);
    if (!decision) return this.#best.delete(prefix) ? { prefix, best: undefined } : undefined;
    const best = { route: decision.best, decidedBy: decision.decidedBy };
    this.#best.set(prefix, best);
    return former && isSame(former.route, best.route) ? undefined : { prefix, best };
  }
}

/** Attributes are interned, so that equal ones are the same object. */
function isSame(a: Route, b: Route): boolean {
  return a.peer === b.peer && a.attributes === b.attributes && isSameNextHop(a.nextHop, b.nextHop);
}

function isSameNextHop(a: NextHop | undefined, b: NextHop | undefined): boolean {
  return a?.linkLocal === b?.linkLocal && a?.global === b?.global;
}
