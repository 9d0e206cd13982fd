import type { Family } from "../../net/address.ts";
import { AdjRibOut } from "./adj-rib-out.ts";
import { AdjRibOutPaths } from "./adj-rib-out-paths.ts";
import { exportKey } from "./export-key.ts";
import { OutPeer } from "./out-peer.ts";
import type { PeerEntry } from "./peer-table.ts";
import type { OutContext, RibOut, ToldPath } from "./rib-out.ts";
import type { Advertisement, Peer } from "./route.ts";

interface Member {
  readonly peer: OutPeer;
  /** Of the Adj-RIB-Out that it is told from. */
  key: string;
}

/** What all peers that are up were told: peers with the same export treatment share an Adj-RIB-Out. */
export class AdjRibsOut {
  readonly #context: OutContext;
  readonly #members = new Map<PeerEntry, Member>();
  readonly #outs = new Map<string, RibOut>();

  constructor(context: OutContext) {
    this.#context = context;
  }

  /** Whether somebody could be told something now. */
  get isBusy(): boolean {
    for (const out of this.#outs.values()) if (out.isBusy) return true;
    return false;
  }

  up(entry: PeerEntry): void {
    const peer = new OutPeer(entry, this.#context.tables.paths);
    const key = exportKey(entry.peer, this.#context.local);
    this.#members.set(entry, { peer, key });
    this.#outFor(key, entry.peer).join(peer);
  }

  down(entry: PeerEntry): void {
    const member = this.#members.get(entry);
    if (member) this.#leave(member, false);
    this.#members.delete(entry);
  }

  /** The policy of a peer has changed: it is told the difference. */
  changed(entry: PeerEntry): void {
    const member = this.#members.get(entry);
    const key = exportKey(entry.peer, this.#context.local);
    if (!member || this.#out(member)?.setPeer(entry.peer) || key === member.key) return;
    this.#leave(member, true);
    member.key = key;
    this.#outFor(key, entry.peer).join(member.peer);
  }

  /** A peer asks for all of a family again; however often it does before it gets it, it gets it once. */
  refresh(entry: PeerEntry, family: Family): void {
    const peer = this.#members.get(entry)?.peer;
    if (!peer || !entry.peer.families.includes(family)) return;
    const waiting = peer.replayed < 0 ? peer.replays : peer.replays.slice(1);
    if (!waiting.includes(family)) peer.replays.push(family);
  }

  pause(entry: PeerEntry): void {
    const member = this.#members.get(entry);
    if (member) this.#out(member)?.pause(member.peer);
  }

  resume(entry: PeerEntry): void {
    const member = this.#members.get(entry);
    if (member) member.peer.isPaused = false;
  }

  /** Makes room for all prefixes below. */
  fit(capacity: number): void {
    for (const out of this.#outs.values()) out.fit(capacity);
  }

  /** See `RibOut`. */
  follow(prefix: number, change: Parameters<RibOut["follow"]>[1]): void {
    for (const out of this.#outs.values()) out.follow(prefix, change);
  }

  /** Does up to about `limit` prefixes' worth of what was left for later, and a little in any case. */
  settle(limit: number): Advertisement[] {
    const advertisements: Advertisement[] = [];
    let left = limit;
    for (const out of this.#outs.values()) {
      left = out.catchUp(Math.max(left, 1));
      advertisements.push(...out.take());
    }
    return advertisements;
  }

  /** Whether somebody must still hear that a prefix is gone. */
  isAwaited(prefix: number): boolean {
    for (const out of this.#outs.values()) if (out.isAwaited(prefix)) return true;
    return false;
  }

  /** How many paths a peer knows from us. */
  count(entry: PeerEntry): number {
    const member = this.#members.get(entry);
    return (member && this.#out(member)?.count(member.peer)) ?? 0;
  }

  /** The paths that a peer knows of to a prefix. */
  knownTo(entry: PeerEntry, prefix: number): readonly ToldPath[] {
    const member = this.#members.get(entry);
    return (member && this.#out(member)?.knownTo(member.peer, prefix)) ?? [];
  }

  #out({ key }: Member): RibOut | undefined {
    return this.#outs.get(key);
  }

  #outFor(key: string, peer: Peer): RibOut {
    const known = this.#outs.get(key);
    if (known) return known;
    const takesPaths = peer.addPathSend.length > 0;
    const made = takesPaths ? new AdjRibOutPaths(peer, this.#context) : new AdjRibOut(peer, this.#context);
    made.fit(this.#context.tables.prefixes.capacity);
    this.#outs.set(key, made);
    return made;
  }

  #leave(member: Member, goesOn: boolean): void {
    const former = this.#out(member);
    former?.leave(member.peer, goesOn);
    if (former?.isEmpty) this.#outs.delete(member.key);
  }
}
