import type { TcpGuard } from "../../linux/tcp-guard.ts";
import type { SessionConfig } from "../config/config.ts";
import type { LinkState, RouterHost } from "./host.ts";

/** Keeps the guards of a router's sessions (TCP-MD5, GTSM) on their interfaces, whatever numbers those have. */
export class Guards implements Disposable {
  readonly #host: RouterHost;
  readonly #wanted: Map<string, TcpGuard>;
  readonly #inForce = new Map<string, { readonly ifindex: number; readonly handle: Disposable }>();

  constructor(host: RouterHost, sessions: readonly SessionConfig[]) {
    this.#host = host;
    const guarded = sessions.filter(({ md5Key, minHopLimit }) => md5Key !== null || minHopLimit !== null);
    this.#wanted = new Map(
      guarded.map(({ ifname, md5Key, minHopLimit }) => [ifname, { md5Key, minHopLimit }]),
    );
  }

  /** Must hear of an interface before anything is dialed over it. @throws {SystemError} if a guard cannot be in force */
  linkChanged({ ifname, ifindex, gone }: LinkState): void {
    const guard = this.#wanted.get(ifname);
    const known = this.#inForce.get(ifname);
    if (!guard || (known?.ifindex === ifindex && !gone)) return;
    known?.handle[Symbol.dispose]();
    this.#inForce.delete(ifname);
    if (!gone) this.#inForce.set(ifname, { ifindex, handle: this.#host.guard(ifindex, guard) });
  }

  /** A session is to be guarded like this from now on, or not at all; its interface is as given, if it has one. */
  change(ifname: string, guard: TcpGuard | undefined, link: LinkState | undefined): void {
    this.#inForce.get(ifname)?.handle[Symbol.dispose]();
    this.#inForce.delete(ifname);
    if (guard && (guard.md5Key !== null || guard.minHopLimit !== null)) this.#wanted.set(ifname, guard);
    else this.#wanted.delete(ifname);
    if (link) this.linkChanged(link);
  }

  /** Takes all guards away; what is connected stays under them. */
  [Symbol.dispose](): void {
    for (const { handle } of this.#inForce.values()) handle[Symbol.dispose]();
    this.#inForce.clear();
  }
}
