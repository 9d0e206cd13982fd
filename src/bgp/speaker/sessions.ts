import type { Address } from "../../net/address.ts";
import type { Session } from "./session.ts";

/** The sessions of a router: by name, by interface, and by interface and peer. */
export class Sessions implements Iterable<Session> {
  readonly #byName: Map<string, Session>;
  readonly #byIfname: Map<string, readonly Session[]>;

  constructor(all: readonly Session[]) {
    this.#byName = new Map(all.map((session) => [session.name, session]));
    this.#byIfname = Map.groupBy(all, ({ ifname }) => ifname);
  }

  [Symbol.iterator](): Iterator<Session> {
    return this.#byName.values();
  }

  get(name: string): Session | undefined {
    return this.#byName.get(name);
  }

  /** Several on a shared link. */
  on(ifname: string): readonly Session[] {
    return this.#byIfname.get(ifname) ?? [];
  }

  /** Whose peer has that address, or may have any. */
  with(ifname: string, address: Address): Session | undefined {
    return this.on(ifname).find(({ peer }) => peer === null || peer === address);
  }

  add(session: Session): void {
    this.#byName.set(session.name, session);
    this.#byIfname.set(session.ifname, [...this.on(session.ifname), session]);
  }

  delete({ name, ifname }: Session): void {
    this.#byName.delete(name);
    this.#byIfname.set(
      ifname,
      this.on(ifname).filter((session) => session.name !== name),
    );
  }
}
