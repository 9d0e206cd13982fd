import { type Prefix, prefixFamily } from "../../net/prefix.ts";
import type { BestChange } from "../rib/route.ts";
import { ForwardingBatch, type PrefixNumbers } from "./forwarding-batch.ts";
import type { RouterHost } from "./host.ts";
import { LOCAL, NOWHERE, Targets, targetKey } from "./targets.ts";

type Machine = Pick<RouterHost, "forward" | "forwarded">;

/** Keeps the kernel's routes in step with the Loc-RIB, and knows what the kernel refused. */
export class ForwardingTable {
  readonly #host: Machine;
  readonly #prefixes: PrefixNumbers;
  readonly #targets: Targets;
  /** By number of a prefix: where it goes, as a number of `#targets`. */
  #where = new Uint32Array(1024);
  #size = 0;
  readonly #refused = new Map<Prefix, string>();

  /** @param ifindexOf of interfaces that are there */
  constructor(host: Machine, prefixes: PrefixNumbers, ifindexOf: (ifname: string) => number | undefined) {
    this.#host = host;
    this.#prefixes = prefixes;
    this.#targets = new Targets(ifindexOf);
  }

  /** How many prefixes have a best route, the router's own included. */
  get size(): number {
    return this.#size;
  }

  apply(changes: readonly BestChange[]): void {
    const batch = new ForwardingBatch(this.#prefixes);
    for (const change of changes) {
      const before = this.#where[change.id] ?? NOWHERE;
      const now = this.#targets.numberOf(change);
      this.#set(change.id, now);
      if (now === before && this.#refused.size === 0) continue;
      if (this.#refused.size > 0) this.#refused.delete(this.#prefixes.prefix(change.id));
      if (now > LOCAL) batch.add(now, change.family, change.id);
      else if (before > LOCAL) batch.add(NOWHERE, change.family, change.id);
    }
    this.#forward(batch);
  }

  /** Whether the kernel does not take the route to a prefix, by its number. */
  isRefused(id: number): boolean {
    return this.#refused.size > 0 && this.#refused.has(this.#prefixes.prefix(id));
  }

  /** `"refused: …"` if the kernel does not take the route to a prefix. */
  refusal(prefix: Prefix): string | undefined {
    const error = this.#refused.get(prefix);
    return error && `refused: ${error}`;
  }

  /** An interface is there again, or has another number: the kernel has forgotten all that went over the former one. */
  linkChanged(ifindex: number): void {
    this.#targets.forgetInterfaces();
    const lost = this.#targets.over(ifindex);
    if (lost.size === 0) return;
    const batch = new ForwardingBatch(this.#prefixes);
    for (const [id, number] of this.#routes()) {
      if (lost.has(number)) this.#again(batch, this.#prefixes.prefix(id), id);
    }
    this.#forward(batch);
  }

  /** Puts right what the machine has otherwise than it should. */
  repair(): void {
    const found = new Map<Prefix, string>();
    for (const { prefix, via } of this.#host.forwarded()) found.set(prefix, targetKey(via));
    const batch = new ForwardingBatch(this.#prefixes);
    for (const [id, number] of this.#routes()) {
      const prefix = this.#prefixes.prefix(id);
      const key = found.get(prefix);
      found.delete(prefix);
      if (key !== targetKey(this.#targets.get(number))) this.#again(batch, prefix, id);
    }
    for (const prefix of found.keys()) batch.addStray(prefix);
    this.#forward(batch);
  }

  /** Puts right the routes to some prefixes, whatever the machine has. */
  restore(disturbed: ReadonlySet<Prefix>): void {
    const batch = new ForwardingBatch(this.#prefixes);
    const strays = new Set(disturbed);
    for (const [id] of this.#routes()) {
      const prefix = this.#prefixes.prefix(id);
      if (strays.delete(prefix)) this.#again(batch, prefix, id);
    }
    for (const prefix of strays) batch.addStray(prefix);
    this.#forward(batch);
  }

  /** Takes all that was installed out of the kernel again. */
  clear(): void {
    const batch = new ForwardingBatch(this.#prefixes);
    for (const [id] of this.#routes()) batch.add(NOWHERE, prefixFamily(this.#prefixes.prefix(id)), id);
    this.#where.fill(NOWHERE);
    this.#size = 0;
    this.#forward(batch);
    this.#refused.clear();
  }

  #set(id: number, target: number): void {
    if (id >= this.#where.length) {
      const longer = new Uint32Array(Math.max(2 * this.#where.length, id + 1));
      longer.set(this.#where);
      this.#where = longer;
    }
    this.#size += Number(target !== NOWHERE) - Number(this.#where[id] !== NOWHERE);
    this.#where[id] = target;
  }

  /** Numbers of prefixes that the kernel has routes to, and of their targets. */
  *#routes(): Generator<readonly [id: number, target: number]> {
    for (let id = 0; id < this.#where.length; id++) {
      const target = this.#where[id] ?? NOWHERE;
      if (target > LOCAL) yield [id, target];
    }
  }

  #again(batch: ForwardingBatch, prefix: Prefix, id: number): void {
    this.#refused.delete(prefix);
    batch.add(this.#where[id] ?? NOWHERE, prefixFamily(prefix), id);
  }

  #forward(batch: ForwardingBatch): void {
    const changes = batch.changes(this.#targets);
    if (changes.length === 0) return;
    for (const { prefix, error } of this.#host.forward(changes)) this.#refused.set(prefix, error);
  }
}
