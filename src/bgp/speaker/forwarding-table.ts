import type { Prefix } from "../../net/prefix.ts";
import type { BestChange } from "../rib/route.ts";
import type { ForwardingChange, RouterHost } from "./host.ts";

/** Keeps the kernel's routes in step with the Loc-RIB, and knows what the kernel said to each. */
export class ForwardingTable {
  readonly #host: RouterHost;
  readonly #ifindexOf: (ifname: string) => number | undefined;
  readonly #states = new Map<Prefix, string>();

  constructor(host: RouterHost, ifindexOf: (ifname: string) => number | undefined) {
    this.#host = host;
    this.#ifindexOf = ifindexOf;
  }

  apply(changes: readonly BestChange[]): void {
    const due = changes.map((change) => this.#forwarding(change)).filter((change) => change !== undefined);
    if (due.length === 0) return;
    for (const [index, error] of this.#host.forward(due).entries()) {
      const change = due[index];
      if (!change) continue;
      if (error !== undefined) this.#states.set(change.prefix, `refused: ${error}`);
      else if (change.via) this.#states.set(change.prefix, "installed");
      else this.#states.delete(change.prefix);
    }
  }

  /** `"installed"`, `"refused: …"`, or `"connected"` for what is not ours to install. */
  state(prefix: Prefix): string {
    return this.#states.get(prefix) ?? "connected";
  }

  /** Takes all that was installed out of the kernel again. */
  clear(): void {
    const installed = [...this.#states.keys()];
    if (installed.length > 0) this.#host.forward(installed.map((prefix) => ({ prefix, via: undefined })));
    this.#states.clear();
  }

  /** @returns undefined if the kernel need not hear of it: an originated prefix has an address of its own */
  #forwarding({ prefix, best }: BestChange): ForwardingChange | undefined {
    const ifindex = best?.route.peer && this.#ifindexOf(best.route.peer.ifname);
    const address = best?.route.nextHop?.linkLocal;
    if (ifindex !== undefined && address !== undefined) return { prefix, via: { ifindex, address } };
    return this.#states.has(prefix) ? { prefix, via: undefined } : undefined;
  }
}
