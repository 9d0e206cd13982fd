import { sessionName } from "../../net/session-name.ts";
import { type Hash, hashNlri, hashText, RouteDigest, wayText } from "../control/route-digest.ts";
import { NlriWriter } from "../rib/nlri-writer.ts";
import type { Rib } from "../rib/rib.ts";
import type { BestChange, Via } from "../rib/route.ts";

/** What is known of a router's interfaces and kernel. */
interface Machine {
  /** Whether several peers may be there. */
  isShared(ifname: string): boolean;
  /** Whether the kernel did not take the route to a prefix. */
  isRefused(id: number): boolean;
}

const NOWHERE = 0;

/** Keeps the digest of a router's best routes while they change. */
export class LocRibDigest {
  readonly #rib: Rib;
  readonly #machine: Machine;
  readonly #digest = new RouteDigest();
  /** By number of a prefix: its way, as a number of `#hashes`. */
  #ways = new Uint32Array(1024);
  readonly #hashes: Hash[] = [{ low: 0, high: 0 }];
  readonly #byText = new Map<string, number>();
  readonly #texts = new WeakMap<readonly Via[], string>();
  readonly #writer = new NlriWriter();

  /** Of what there is now. */
  constructor(rib: Rib, machine: Machine) {
    this.#rib = rib;
    this.#machine = machine;
    this.apply(rib.used());
  }

  apply(changes: Iterable<BestChange>): void {
    for (const change of changes) {
      const way = change.type === "none" ? NOWHERE : this.#numberOf(this.#textOf(change));
      this.#set(change, way);
    }
  }

  toString(): string {
    return this.#digest.toString();
  }

  #set({ id, family }: BestChange, way: number): void {
    if (id >= this.#ways.length) {
      const longer = new Uint32Array(Math.max(2 * this.#ways.length, id + 1));
      longer.set(this.#ways);
      this.#ways = longer;
    }
    const before = this.#ways[id] as number;
    if (before === way) return;
    this.#ways[id] = way;
    this.#writer.clear();
    this.#rib.writePrefix(id, this.#writer);
    const prefix = hashNlri(this.#writer.since(0), family === 6);
    if (before !== NOWHERE) this.#digest.remove(prefix, this.#hashes[before] as Hash);
    if (way !== NOWHERE) this.#digest.add(prefix, this.#hashes[way] as Hash);
  }

  #numberOf(text: string): number {
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    this.#byText.set(text, this.#hashes.length);
    return this.#hashes.push(hashText(text)) - 1;
  }

  #textOf(change: BestChange): string {
    const { id, via, type } = change;
    if (type === "local") return wayText({ names: [], drops: false, refused: false });
    if (type === "blackhole") {
      const peer = this.#rib.bestOf(this.#rib.prefix(id))?.route.peer;
      return wayText({
        names: peer ? [peer.session] : [],
        drops: true,
        refused: this.#machine.isRefused(id),
      });
    }
    if (this.#machine.isRefused(id)) {
      return wayText({ names: this.#namesOf(via), drops: false, refused: true });
    }
    let text = this.#texts.get(via);
    if (text === undefined) {
      text = wayText({ names: this.#namesOf(via), drops: false, refused: false });
      this.#texts.set(via, text);
    }
    return text;
  }

  #namesOf(via: readonly Via[]): string[] {
    return via.map(({ ifname, address }) =>
      sessionName({ ifname, peer: this.#machine.isShared(ifname) ? address : null }),
    );
  }
}
