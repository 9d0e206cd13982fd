import type { Local } from "../../../src/bgp/rib/local.ts";
import { type PeerCounts, Rib } from "../../../src/bgp/rib/rib.ts";
import type { BestRoute, CandidateRoute } from "../../../src/bgp/rib/rib-view.ts";
import type { BestChange, Peer, PeerPolicy, RibEffects, Via } from "../../../src/bgp/rib/route.ts";
import type { PathAttributes, RouteRefresh } from "../../../src/bgp/wire/message.ts";
import type { Family } from "../../../src/net/address.ts";
import type { Prefix } from "../../../src/net/prefix.ts";
import { asText, asUpdate, type TextUpdate } from "./text.ts";

export type TextMessage = TextUpdate | RouteRefresh;

/** What an event led to, as text. */
export interface TextEffects {
  readonly changes: readonly TextChange[];
  /** By interface; only those that are sent anything. */
  readonly messages: ReadonlyMap<string, readonly TextMessage[]>;
}

export interface TextChange {
  readonly prefix: Prefix;
  readonly type: BestChange["type"];
  readonly via: readonly Via[];
  readonly best: BestRoute | undefined;
}

/** A RIB that settles after each event, if it is not told otherwise, and speaks text. */
export class TestRib {
  readonly rib: Rib;
  readonly #peers = new Map<string, Peer>();
  /** What each call of `settle` may do. */
  limit = 1_000_000;

  constructor(local: Local) {
    this.rib = new Rib(local);
  }

  originate(prefix: Prefix, attributes?: Partial<PathAttributes>): TextEffects {
    return this.#after(() => this.rib.originate(prefix, attributes));
  }

  withdraw(prefix: Prefix): TextEffects {
    return this.#after(() => this.rib.withdraw(prefix));
  }

  peerUp(peer: Peer): TextEffects {
    return this.#after(() => {
      this.rib.peerUp(peer);
      this.#peers.set(peer.ifname, peer);
    });
  }

  peerDown(ifname: string, keep?: readonly Family[]): TextEffects {
    return this.#after(() => this.rib.peerDown(ifname, keep));
  }

  forget(ifname: string): TextEffects {
    return this.#after(() => this.rib.forget(ifname));
  }

  update(ifname: string, update: TextUpdate): TextEffects {
    return this.#after(() => void this.rib.update(ifname, asUpdate(update)));
  }

  /** The same, but gives back what the RIB says to it. */
  take(ifname: string, update: TextUpdate): { received: number } | undefined {
    const verdict = this.rib.update(ifname, asUpdate(update));
    this.#after(() => {});
    return verdict;
  }

  refresh(ifname: string, family: Family): TextEffects {
    return this.#after(() => this.rib.refresh(ifname, family));
  }

  beginRefresh(ifname: string, family: Family): TextEffects {
    return this.#after(() => this.rib.beginRefresh(ifname, family));
  }

  endRefresh(ifname: string, family: Family): TextEffects {
    return this.#after(() => this.rib.endRefresh(ifname, family));
  }

  setPolicy(ifname: string, policy: PeerPolicy): TextEffects {
    return this.#after(() => this.rib.setPolicy(ifname, policy));
  }

  pause(ifname: string): TextEffects {
    return this.#after(() => this.rib.pause(ifname));
  }

  resume(ifname: string): TextEffects {
    return this.#after(() => this.rib.resume(ifname));
  }

  defer(): void {
    this.rib.defer();
  }

  select(): TextEffects {
    return this.#after(() => this.rib.select());
  }

  /** Does at most so much of what is to be done. */
  settle(limit = this.limit): TextEffects {
    return this.#read(this.rib.settle(limit));
  }

  best(): Iterable<BestRoute> {
    return this.rib.best();
  }

  bestOf(prefix: Prefix): BestRoute | undefined {
    return this.rib.bestOf(prefix);
  }

  candidates(prefix: Prefix): readonly CandidateRoute[] {
    return this.rib.candidates(prefix);
  }

  counts(ifname: string): PeerCounts | undefined {
    return this.rib.counts(ifname);
  }

  /** All that the event leads to, in however many pieces, by interface. */
  #after(event: () => void): TextEffects {
    event();
    const changes: TextChange[] = [];
    const messages = new Map<string, TextMessage[]>();
    while (this.limit > 0 && this.rib.busy) {
      const effects = this.settle();
      changes.push(...effects.changes);
      for (const [ifname, sent] of effects.messages) {
        messages.set(ifname, [...(messages.get(ifname) ?? []), ...sent]);
      }
    }
    return { changes, messages: new Map([...messages].sort(([a], [b]) => (a < b ? -1 : 1))) };
  }

  #read({ changes, advertisements }: RibEffects): TextEffects {
    const messages = new Map<string, TextMessage[]>();
    for (const { to, messages: sent } of advertisements) {
      for (const ifname of to) {
        const linkLocal = this.#peers.get(ifname)?.localAddress;
        const own = linkLocal === undefined ? {} : { linkLocal };
        const texts = sent.map((message) => (message.type === "update" ? asText(message, own) : message));
        messages.set(ifname, [...(messages.get(ifname) ?? []), ...texts]);
      }
    }
    return {
      changes: changes.map(({ id, type, via }) => {
        const prefix = this.rib.prefix(id);
        return { prefix, type, via, best: this.rib.bestOf(prefix) };
      }),
      messages,
    };
  }
}

/** What a peer learns from some messages: the attributes by prefix, undefined for a withdrawal. */
export function newsOf(messages: readonly TextMessage[] = []): Record<string, PathAttributes | undefined> {
  const news: Record<string, PathAttributes | undefined> = {};
  for (const message of messages) {
    if (message.type !== "update") continue;
    for (const prefix of message.withdrawn) news[prefix] = undefined;
    for (const { prefixes } of message.announced) {
      for (const prefix of prefixes) news[prefix] = message.attributes;
    }
  }
  return news;
}
