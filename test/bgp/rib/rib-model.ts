import assert from "node:assert/strict";
import { decide } from "../../../src/bgp/rib/decision.ts";
import { importPath, whyUnwanted } from "../../../src/bgp/rib/import.ts";
import type { Peer, PeerPolicy, Route } from "../../../src/bgp/rib/route.ts";
import { type NextHop, type PathAttributes, refreshSubtypes } from "../../../src/bgp/wire/message.ts";
import type { Family } from "../../../src/net/address.ts";
import { type Prefix, prefixFamily, prefixParts } from "../../../src/net/prefix.ts";
import type { TestRib, TextEffects, TextMessage } from "./driver.ts";
import { exportRoute, local, originatedRoute } from "./fixtures.ts";
import { type PathText, pathParts, type TextUpdate } from "./text.ts";

/** Something that happens at a RIB. */
export type RibEvent =
  | { readonly type: "originate"; readonly prefix: Prefix }
  | { readonly type: "withdraw"; readonly prefix: Prefix }
  | { readonly type: "peerUp"; readonly peer: Peer }
  | { readonly type: "peerDown"; readonly ifname: string; readonly keep: readonly Family[] }
  | { readonly type: "update"; readonly ifname: string; readonly update: TextUpdate }
  | { readonly type: "pause" | "resume" | "forget"; readonly ifname: string }
  | { readonly type: "setPolicy"; readonly ifname: string; readonly policy: PeerPolicy }
  | {
      readonly type: "refresh" | "beginRefresh" | "endRefresh";
      readonly ifname: string;
      readonly family: Family;
    };

export function happen(rib: TestRib, event: RibEvent): TextEffects {
  switch (event.type) {
    case "originate":
      return rib.originate(event.prefix);
    case "withdraw":
      return rib.withdraw(event.prefix);
    case "peerUp":
      return rib.peerUp(event.peer);
    case "peerDown":
      return rib.peerDown(event.ifname, event.keep);
    case "update":
      return rib.update(event.ifname, event.update);
    case "setPolicy":
      return rib.setPolicy(event.ifname, event.policy);
    case "pause":
    case "resume":
    case "forget":
      return rib[event.type](event.ifname);
    default:
      return rib[event.type](event.ifname, event.family);
  }
}

interface Told {
  readonly nextHop: NextHop;
  readonly attributes: PathAttributes;
}

/** Flags of what a peer said, as in the RIB's tables. */
interface Said extends Told {
  readonly staleBy: ReadonlySet<"refresh" | "restart">;
}

interface PeerModel {
  /** As it was last, with its policy now. */
  peer: Peer;
  isUp: boolean;
  isPaused: boolean;
  readonly said: Map<PathText, Said>;
}

/** The simplest RIB that can be right: it remembers what was said, and works everything out anew when asked. */
export class RibModel {
  readonly #originated = new Set<Prefix>();
  readonly #peers = new Map<string, PeerModel>();

  happen(event: RibEvent): void {
    if (event.type === "originate") this.#originated.add(event.prefix);
    else if (event.type === "withdraw") this.#originated.delete(event.prefix);
    else if (event.type === "peerUp") this.#peerUp(event.peer);
    else {
      const peer = this.#peers.get(event.ifname);
      if (peer && (peer.isUp || event.type === "forget")) happenTo(peer, event);
    }
  }

  /** Those that must know all; of a paused one nothing can be said. */
  peers(): Peer[] {
    const all = [...this.#peers.values()].filter(({ isUp, isPaused }) => isUp && !isPaused);
    return all.map(({ peer }) => peer);
  }

  best(): Map<Prefix, { route: Route; decidedBy: string }> {
    const found = new Map<Prefix, { route: Route; decidedBy: string }>();
    for (const prefix of this.#prefixes()) {
      const decision = decide(this.#candidates(prefix), local);
      if (decision) found.set(prefix, { route: decision.best, decidedBy: decision.decidedBy });
    }
    return found;
  }

  /** What a peer should know from us, as text in any order, without path identifiers. */
  advertised(peer: Peer): string[] {
    const told = [...this.#prefixes()].flatMap((prefix) => {
      const candidates = this.#candidates(prefix);
      const best = decide(candidates, local);
      const routes = peer.addPathSend.includes(prefixFamily(prefix)) ? candidates : best ? [best.best] : [];
      return routes.flatMap((route) => {
        const leaving = exportRoute(route, peer);
        return leaving?.nextHop ? [`${prefix} ${asText({ ...leaving, nextHop: leaving.nextHop })}`] : [];
      });
    });
    return told.sort();
  }

  #peerUp(peer: Peer): void {
    const former = this.#peers.get(peer.ifname);
    if (former?.isUp) former.said.clear();
    const said = former?.said ?? new Map<PathText, Said>();
    for (const text of said.keys()) {
      if (!peer.gracefulRestart?.forwarding.includes(prefixFamily(text))) said.delete(text);
    }
    this.#peers.set(peer.ifname, { peer, isUp: true, isPaused: false, said });
  }

  #prefixes(): Set<Prefix> {
    const said = [...this.#peers.values()].flatMap((peer) => [...peer.said.keys()]);
    return new Set([...this.#originated, ...said.map((text) => pathParts(text).prefix)]);
  }

  #candidates(prefix: Prefix): Route[] {
    const own = this.#originated.has(prefix) ? [{ ...originatedRoute(), prefix }] : [];
    const learnt = [...this.#peers.values()].flatMap(({ peer, said }) =>
      [...said].flatMap(([text, told]) => {
        const parts = pathParts(text);
        const attributes = parts.prefix === prefix ? imported(prefix, told, peer) : undefined;
        return attributes ? [{ ...parts, attributes, nextHop: told.nextHop, peer }] : [];
      }),
    );
    return [...own, ...learnt];
  }
}

type PeerEvent = Exclude<RibEvent, { type: "originate" | "withdraw" | "peerUp" }>;

function happenTo(model: PeerModel, event: PeerEvent): void {
  const { said } = model;
  switch (event.type) {
    case "peerDown":
      model.isUp = false;
      for (const [text, told] of said) {
        const isKept = event.keep.includes(prefixFamily(text)) && !told.staleBy.has("restart");
        if (isKept) said.set(text, { ...told, staleBy: new Set(["restart" as const]) });
        else said.delete(text);
      }
      break;
    case "forget":
      removeStale(said, "restart");
      break;
    case "update":
      apply(event.update, said, (told): Said => ({ ...told, staleBy: new Set() }));
      if (event.update.endOfRib !== undefined) removeStale(said, "restart", event.update.endOfRib);
      break;
    case "pause":
    case "resume":
      model.isPaused = event.type === "pause";
      break;
    case "setPolicy":
      model.peer = { ...model.peer, policy: event.policy };
      break;
    case "beginRefresh":
      // Peers that restart gracefully never tell that their first table is complete here.
      if (model.peer.gracefulRestart) break;
      for (const [text, told] of said) {
        const staleBy = new Set([...told.staleBy, "refresh" as const]);
        if (prefixFamily(text) === event.family) said.set(text, { ...told, staleBy });
      }
      break;
    case "endRefresh":
      removeStale(said, "refresh", event.family);
      break;
    case "refresh":
      break;
  }
}

function removeStale(said: Map<PathText, Said>, by: "refresh" | "restart", family?: Family): void {
  for (const [text, { staleBy }] of said) {
    if (staleBy.has(by) && (family === undefined || prefixFamily(text) === family)) said.delete(text);
  }
}

function imported(prefix: Prefix, told: Told, peer: Peer): PathAttributes | undefined {
  const { octets } = prefixParts(prefix);
  const firstWord = new DataView(octets.buffer).getUint32(0);
  const path = importPath(told, peer, local);
  if (path.type === "unusable" || whyUnwanted({ family: prefixFamily(prefix), firstWord }, peer))
    return undefined;
  return peer.policy.importPrefixes?.has(prefix) === false ? undefined : path.attributes;
}

/** What the peers know after all that was sent to them. It throws at any UPDATE that tells them nothing new. */
export class Replay {
  readonly #known = new Map<string, Map<PathText, Told>>();
  /** Peers that asked for something again, so that they may hear what they know. */
  readonly #again = new Set<string>();
  /** By interface: what must still come before the refresh ends. */
  readonly #missing = new Map<string, Set<PathText>>();

  happen(event: RibEvent): void {
    if (event.type === "peerUp") this.#forget(event.peer.ifname);
    if (event.type === "peerUp") this.#known.set(event.peer.ifname, new Map());
    if (event.type === "peerDown") this.#forget(event.ifname);
    if (event.type === "refresh") this.#again.add(event.ifname);
  }

  receive({ messages }: TextEffects): void {
    for (const [ifname, sent] of messages) {
      const known = this.#known.get(ifname);
      assert(known, `an UPDATE to ${ifname}, which is down`);
      for (const message of sent) this.#receive(ifname, known, message);
    }
  }

  /** As text in any order, without path identifiers. */
  knownTo(ifname: string): string[] {
    const known = [...(this.#known.get(ifname) ?? [])];
    return known.map(([text, told]) => `${pathParts(text).prefix} ${asText(told)}`).sort();
  }

  /** Of refreshes of these peers that have begun none is open. */
  checkEnds(peers: readonly Peer[]): void {
    for (const { ifname } of peers) assert(!this.#missing.has(ifname), "what begins ends");
  }

  #forget(ifname: string): void {
    this.#known.delete(ifname);
    this.#again.delete(ifname);
    this.#missing.delete(ifname);
  }

  /** Marks of a refresh must hold all that the peer knows of the family between them. */
  #receive(ifname: string, known: Map<PathText, Told>, message: TextMessage): void {
    const missing = this.#missing.get(ifname);
    if (message.type === "update") {
      if (!this.#again.has(ifname)) checkNews(message, known);
      apply(message, known, (told) => told);
      for (const text of message.announced.flatMap(({ prefixes }) => prefixes)) missing?.delete(text);
      for (const text of message.withdrawn) missing?.delete(text);
      return;
    }
    const { subtype, afi } = message;
    assert.equal(subtype, missing ? refreshSubtypes.end : refreshSubtypes.begin, "marks come in pairs");
    if (missing) assert.deepEqual([...missing], [], "all is told again");
    const family = afi === 1 ? 4 : 6;
    if (missing) this.#missing.delete(ifname);
    else
      this.#missing.set(ifname, new Set([...known.keys()].filter((text) => prefixFamily(text) === family)));
  }
}

function checkNews({ withdrawn, announced, attributes }: TextUpdate, known: Map<PathText, Told>): void {
  for (const text of withdrawn) assert(known.has(text), `${text} was never advertised`);
  for (const { prefixes, nextHop } of announced) {
    for (const text of prefixes) {
      const former = known.get(text);
      assert(attributes);
      assert(!former || asText(former) !== asText({ nextHop, attributes }), `${text} is announced again`);
    }
  }
}

function apply<Kind>(
  { withdrawn, announced, attributes }: TextUpdate,
  table: Map<PathText, Kind>,
  entry: (told: Told) => Kind,
): void {
  for (const text of withdrawn) table.delete(text);
  for (const { prefixes, nextHop } of announced) {
    assert(attributes, "announced without attributes");
    for (const text of prefixes) table.set(text, entry({ nextHop, attributes }));
  }
}

function asText({ nextHop, attributes }: Told): string {
  const fields = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([nextHop, fields]);
}
