import { afi, type Family } from "../../net/address.ts";
import { refreshSubtypes } from "../wire/message.ts";
import type { OutPeer } from "./out-peer.ts";
import type { Advertisement, RoutingMessage } from "./route.ts";
import { endOfRib, type UpdateBatch } from "./update-batch.ts";

/** What an Adj-RIB-Out can say of a table that it repeats. */
export interface Repeatable {
  /** All prefixes are below. */
  readonly limit: number;
  /** An empty batch for one peer. */
  readonly batch: (peer: OutPeer) => UpdateBatch;
  /** Puts what a peer knows of a prefix into a batch, if it is of that family. */
  readonly add: (batch: UpdateBatch, prefix: number, family: Family) => void;
}

/** Messages to be sent, in order. */
export class Outbox {
  #due: Advertisement[] = [];

  send(peer: OutPeer, message: RoutingMessage): void {
    this.#due.push({ to: [peer.entry.peer.session], messages: [message] });
  }

  sendBatch(batch: UpdateBatch): void {
    const messages = batch.to.length > 0 ? batch.updates() : [];
    if (messages.length > 0) this.#due.push({ to: batch.to, messages });
  }

  /** The first table of a peer is complete. */
  finish(peer: OutPeer): void {
    for (const family of peer.unfinished.splice(0)) this.send(peer, endOfRib(family));
  }

  /**
   * Tells a peer more of the families that it has asked for, between marks if it knows them, else with an End-of-RIB behind
   * each (RFC 7313 §4).
   *
   * @returns how much is left of the limit
   */
  repeat(peer: OutPeer, table: Repeatable, limit: number): number {
    let left = limit;
    while (left > 0 && peer.replays.length > 0) left = this.#repeat(peer, table, left);
    return left;
  }

  /** All messages, which are not due any more. */
  take(): Advertisement[] {
    const due = this.#due;
    this.#due = [];
    return due;
  }

  #repeat(peer: OutPeer, table: Repeatable, limit: number): number {
    const [family] = peer.replays as [Family];
    const { enhancedRouteRefresh } = peer.entry.peer;
    if (peer.replayed < 0 && enhancedRouteRefresh) this.send(peer, mark(family, "begin"));
    const start = Math.max(0, peer.replayed);
    const end = Math.min(start + limit, table.limit);
    const batch = table.batch(peer);
    for (let prefix = start; prefix < end; prefix++) table.add(batch, prefix, family);
    this.sendBatch(batch);
    peer.replayed = end;
    if (end < table.limit) return 0;
    this.send(peer, enhancedRouteRefresh ? mark(family, "end") : endOfRib(family));
    peer.replays.shift();
    peer.replayed = -1;
    return limit - (end - start);
  }
}

const UNICAST = 1;

function mark(family: Family, subtype: keyof typeof refreshSubtypes): RoutingMessage {
  return { type: "routeRefresh", afi: afi(family), subtype: refreshSubtypes[subtype], safi: UNICAST };
}
