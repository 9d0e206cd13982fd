import { decodeEchoRequest, echoRequestFilter } from "../capture/echo-request.ts";
import { isWhole, type Passage } from "../checks/expect/path-check.ts";
import type { Ping } from "../checks/expect/ping-check.ts";
import { endsOf } from "../plan/links.ts";
import type { Frame } from "../runtime/runtime.ts";
import type { Asked } from "./why-facts.ts";

/** How long what has been seen on the way of a request that was answered may take to be told. */
const patienceMs = 1000;

/** Sees all echo requests at all interfaces of a lab: the way of each, whatever addresses the routers have. */
export class Ways implements Disposable {
  readonly #asked: Asked;
  readonly #tap: Disposable;
  readonly #seen: Map<string, Passage[]>;
  /** Called with each request that is seen. */
  readonly #waiting: Set<() => void>;

  private constructor(
    asked: Asked,
    tap: Disposable,
    facts: { seen: Map<string, Passage[]>; waiting: Set<() => void> },
  ) {
    this.#asked = asked;
    this.#tap = tap;
    this.#seen = facts.seen;
    this.#waiting = facts.waiting;
  }

  /** Sees them from now on. @throws {RuntimeError} */
  static async watch(asked: Asked): Promise<Ways> {
    const { plan, environment } = asked;
    const seen = new Map<string, Passage[]>();
    const waiting = new Set<() => void>();
    const onFrame = ({ target: { router, ifname }, sent, octets }: Frame) => {
      const request = decodeEchoRequest(octets);
      if (!request) return;
      const key = keyOf(request);
      const passage = { router, ifname, sent, hopLimit: request.hopLimit };
      seen.set(key, [...(seen.get(key) ?? []), passage]);
      for (const wake of waiting) wake();
    };
    const targets = endsOf(plan).map(({ router, ifname }) => ({ lab: plan.lab, router, ifname }));
    const tap = await environment.runtime.tap(targets, onFrame, echoRequestFilter);
    return new Ways(asked, tap, { seen, waiting });
  }

  /** Where a request was seen that has been answered; perhaps not everywhere, if the time is up. */
  async of(ping: Ping, ends: { from: string; to: string }): Promise<readonly Passage[]> {
    const { clock } = this.#asked.environment;
    const passages = () => this.#seen.get(keyOf(ping)) ?? [];
    if (isWhole(passages(), ends)) return passages();
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => {
      if (isWhole(passages(), ends)) resolve();
    };
    this.#waiting.add(wake);
    using _ = clock.after(patienceMs, resolve);
    await promise;
    this.#waiting.delete(wake);
    return passages();
  }

  [Symbol.dispose](): void {
    this.#tap[Symbol.dispose]();
  }
}

const keyOf = ({ source, target }: Ping) => `${source} ${target}`;
