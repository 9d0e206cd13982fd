import assert from "node:assert/strict";
import { decide } from "../../../src/bgp/rib/decision.ts";
import { exportRoute } from "../../../src/bgp/rib/export.ts";
import type { Rib } from "../../../src/bgp/rib/rib.ts";
import type { Peer, PeerPolicy, RibEffects, Route, RoutingMessage } from "../../../src/bgp/rib/route.ts";
import {
  type NextHop,
  type PathAttributes,
  refreshSubtypes,
  type Update,
} from "../../../src/bgp/wire/message.ts";
import type { Family } from "../../../src/net/address.ts";
import { type Prefix, prefixFamily } from "../../../src/net/prefix.ts";
import { local, originatedRoute } from "./fixtures.ts";

/** Something that happens at a RIB. */
export type RibEvent =
  | { readonly type: "originate" | "withdraw"; readonly prefix: Prefix }
  | { readonly type: "peerUp"; readonly peer: Peer }
  | { readonly type: "peerDown"; readonly ifname: string }
  | { readonly type: "update"; readonly ifname: string; readonly update: Update }
  | { readonly type: "pause" | "resume"; readonly ifname: string }
  | { readonly type: "setPolicy"; readonly ifname: string; readonly policy: PeerPolicy }
  | {
      readonly type: "refresh" | "beginRefresh" | "endRefresh";
      readonly ifname: string;
      readonly family: Family;
    };

export function happen(rib: Rib, event: RibEvent): RibEffects {
  switch (event.type) {
    case "originate":
      return rib.originate(event.prefix);
    case "withdraw":
      return rib.withdraw(event.prefix);
    case "peerUp":
      return rib.peerUp(event.peer);
    case "peerDown":
      return rib.peerDown(event.ifname);
    case "update":
      return rib.update(event.ifname, event.update);
    case "refresh":
      return rib.refresh(event.ifname, event.family);
    case "beginRefresh":
      rib.beginRefresh(event.ifname, event.family);
      return { changes: [], messages: new Map() };
    case "endRefresh":
      return rib.endRefresh(event.ifname, event.family);
    case "setPolicy":
      return rib.setPolicy(event.ifname, event.policy);
    case "pause":
      rib.pause(event.ifname);
      return { changes: [], messages: new Map() };
    case "resume":
      return rib.resume(event.ifname);
  }
}

interface Told {
  readonly nextHop: NextHop;
  readonly attributes: PathAttributes;
}

/** The simplest RIB that can be right: it remembers what was said, and works everything out anew when asked. */
export class RibModel {
  readonly #originated = new Set<Prefix>();
  readonly #peers = new Map<string, { readonly peer: Peer; said: Map<Prefix, Told> }>();
  /** By peer and family: what was said since its refresh began. */
  readonly #again = new Map<string, Set<Prefix>>();
  readonly #paused = new Set<string>();
  readonly #policies = new Map<string, PeerPolicy>();

  happen(event: RibEvent): void {
    if (event.type === "pause") this.#paused.add(event.ifname);
    if (event.type === "resume" || event.type === "peerDown") this.#paused.delete(event.ifname);
    if (event.type === "peerUp") this.#paused.delete(event.peer.ifname);
    if (event.type === "peerUp" || event.type === "peerDown") this.#policies.delete(ifnameOf(event));
    if (event.type === "setPolicy" && this.#peers.has(event.ifname)) {
      this.#policies.set(event.ifname, event.policy);
    }
    if (event.type === "originate") this.#originated.add(event.prefix);
    if (event.type === "withdraw") this.#originated.delete(event.prefix);
    if (event.type === "peerUp") this.#peers.set(event.peer.ifname, { peer: event.peer, said: new Map() });
    if (event.type === "peerDown") this.#peers.delete(event.ifname);
    if (event.type === "update") this.#update(event);
    if (event.type === "peerUp") this.#forgetRefreshes(event.peer.ifname);
    if (event.type === "beginRefresh") this.#again.set(`${event.ifname} ${event.family}`, new Set());
    if (event.type === "endRefresh") this.#endRefresh(event);
  }

  /** Those that must know all; of a paused one nothing can be said. */
  peers(): Peer[] {
    const all = [...this.#peers.values()].map(({ peer }) => peer);
    return all.filter(({ ifname }) => !this.#paused.has(ifname));
  }

  best(): Map<Prefix, { route: Route; decidedBy: string }> {
    const said = [...this.#peers.values()].flatMap((peer) => [...peer.said.keys()]);
    const found = new Map<Prefix, { route: Route; decidedBy: string }>();
    for (const prefix of new Set([...this.#originated, ...said])) {
      const decision = decide(this.#candidates(prefix), local);
      if (decision) found.set(prefix, { route: decision.best, decidedBy: decision.decidedBy });
    }
    return found;
  }

  /** What a peer should know from us. */
  advertised(peer: Peer): Map<Prefix, Told> {
    const policy = this.#policies.get(peer.ifname);
    const now = policy ? { ...peer, policy } : peer;
    const routes = [...this.best().values()].map(({ route }) => exportRoute(route, now, local));
    return new Map(
      routes.flatMap((route) =>
        route?.nextHop ? [[route.prefix, { ...route, nextHop: route.nextHop }]] : [],
      ),
    );
  }

  #update({ ifname, update }: Extract<RibEvent, { type: "update" }>): void {
    apply(update, this.#peers.get(ifname)?.said ?? new Map());
    for (const prefix of update.announced.flatMap(({ prefixes }) => prefixes)) {
      this.#again.get(`${ifname} ${prefixFamily(prefix)}`)?.add(prefix);
    }
  }

  #endRefresh({ ifname, family }: { ifname: string; family: Family }): void {
    const peer = this.#peers.get(ifname);
    const again = this.#again.get(`${ifname} ${family}`);
    this.#again.delete(`${ifname} ${family}`);
    if (!peer || !again) return;
    const kept = [...peer.said].filter(([prefix]) => prefixFamily(prefix) !== family || again.has(prefix));
    peer.said = new Map(kept);
  }

  #forgetRefreshes(ifname: string): void {
    for (const family of [4, 6]) this.#again.delete(`${ifname} ${family}`);
  }

  #candidates(prefix: Prefix): Route[] {
    const own = this.#originated.has(prefix) ? [{ ...originatedRoute(), prefix }] : [];
    const learnt = [...this.#peers.values()].flatMap(({ peer, said }) => {
      const told = said.get(prefix);
      return told && isUsable(told, peer, prefix) ? [learntRoute(prefix, told, peer)] : [];
    });
    return [...own, ...learnt];
  }
}

function ifnameOf(event: Extract<RibEvent, { type: "peerUp" | "peerDown" }>): string {
  return event.type === "peerUp" ? event.peer.ifname : event.ifname;
}

function isUsable({ attributes, nextHop }: Told, peer: Peer, prefix: Prefix): boolean {
  const loops = attributes.asPath.flatMap(({ asns }) => asns).includes(local.asn);
  if (peer.policy?.importPrefixes?.has(prefix) === false) return false;
  return !loops && nextHop.linkLocal !== undefined && peer.families.includes(prefixFamily(prefix));
}

function learntRoute(prefix: Prefix, { attributes, nextHop }: Told, peer: Peer): Route {
  const { localPref, ...others } = attributes;
  return { prefix, attributes: peer.asn === local.asn ? attributes : others, nextHop, peer };
}

/** What the peers know after all that was sent to them. It throws at any UPDATE that tells them nothing new. */
export class Replay {
  readonly #known = new Map<string, Map<Prefix, Told>>();

  happen(event: RibEvent, { messages }: RibEffects): void {
    if (event.type === "peerUp") this.#known.set(event.peer.ifname, new Map());
    if (event.type === "peerDown") this.#known.delete(event.ifname);
    for (const [ifname, sent] of messages) {
      const known = this.#known.get(ifname);
      assert(known, `an UPDATE to ${ifname}, which is down`);
      // A refresh may have been asked for while the peer was paused.
      const repeats = event.type === "refresh" || event.type === "resume";
      receive(sent, { known, repeats });
    }
  }

  knownTo(ifname: string): Map<Prefix, Told> | undefined {
    return this.#known.get(ifname);
  }
}

/** Takes in what was sent to a peer; marks of a refresh must hold all that it knows of the family between them. */
function receive(
  sent: readonly RoutingMessage[],
  { known, repeats }: { known: Map<Prefix, Told>; repeats: boolean },
): void {
  let stale: Set<Prefix> | undefined;
  for (const message of sent) {
    if (message.type === "update") {
      if (!repeats) checkNews(message, known);
      apply(message, known);
      for (const prefix of message.announced.flatMap(({ prefixes }) => prefixes)) stale?.delete(prefix);
      continue;
    }
    const { subtype, afi } = message;
    assert.equal(subtype, stale ? refreshSubtypes.end : refreshSubtypes.begin, "marks come in pairs");
    const family = afi === 1 ? 4 : 6;
    if (stale) assert.deepEqual([...stale], [], "all is told again");
    stale = stale
      ? undefined
      : new Set([...known.keys()].filter((prefix) => prefixFamily(prefix) === family));
  }
  assert.equal(stale, undefined, "what begins ends");
}

function checkNews({ withdrawn, announced, attributes }: Update, known: Map<Prefix, Told>): void {
  for (const prefix of withdrawn) assert(known.has(prefix), `${prefix} was never advertised`);
  for (const { prefixes, nextHop } of announced) {
    for (const prefix of prefixes) {
      const former = known.get(prefix);
      assert(!former || asText(former) !== asText({ nextHop, attributes }), `${prefix} is announced again`);
    }
  }
}

function apply({ withdrawn, announced, attributes }: Update, table: Map<Prefix, Told>): void {
  for (const prefix of withdrawn) table.delete(prefix);
  for (const { prefixes, nextHop } of announced) {
    assert(attributes, "announced without attributes");
    for (const prefix of prefixes) table.set(prefix, { nextHop, attributes });
  }
}

/** Tables as text, for comparing by value in any order. */
export function tableText(table: ReadonlyMap<Prefix, Told>): string[] {
  return [...table].map(([prefix, told]) => `${prefix} ${asText(told)}`).sort();
}

function asText({
  nextHop,
  attributes,
}: {
  nextHop: NextHop;
  attributes: PathAttributes | undefined;
}): string {
  const fields = Object.entries(attributes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([nextHop, fields]);
}
