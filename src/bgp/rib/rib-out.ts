import type { LocRib } from "./loc-rib.ts";
import type { Local } from "./local.ts";
import type { OutPeer } from "./out-peer.ts";
import type { PathTable } from "./path-table.ts";
import type { PeerTable } from "./peer-table.ts";
import type { PrefixTable } from "./prefix-table.ts";
import type { Advertisement, Peer } from "./route.ts";
import type { RouteTable } from "./route-table.ts";

/** What an Adj-RIB-Out is made from. */
export interface OutContext {
  readonly local: Local;
  readonly locRib: LocRib;
  readonly tables: {
    readonly prefixes: PrefixTable;
    readonly paths: PathTable;
    readonly peers: PeerTable;
    readonly routes: RouteTable;
  };
}

/** A path that a peer knows, with the path identifier that it knows it by (RFC 7911); 0 without. */
export interface ToldPath {
  readonly path: number;
  readonly pathId: number;
  /** The number of the peer that told us. */
  readonly from: number;
}

/** What the RIB does with an Adj-RIB-Out, whether it is of best routes or of all paths. */
export interface RibOut {
  readonly isEmpty: boolean;
  /** Whether somebody could be told something now. */
  readonly isBusy: boolean;
  join(peer: OutPeer): void;
  /** @param goesOn whether the peer goes to another Adj-RIB-Out, and notes all that it knows */
  leave(peer: OutPeer, goesOn: boolean): void;
  /** Something else is done to what its only peer is told; false if a new Adj-RIB-Out is needed for that. */
  setPeer(peer: Peer): boolean;
  pause(peer: OutPeer): void;
  /** Makes room for all prefixes below. */
  fit(capacity: number): void;
  /** The routes to a prefix are others: the best one, which came from `formerPeer` before, or just one of the others. */
  follow(prefix: number, change: { readonly formerPeer: number; readonly isBest: boolean }): void;
  /** Does up to about `limit` prefixes' worth of what was left for later. @returns how much is left of the limit */
  catchUp(limit: number): number;
  /** What is to be sent. */
  take(): Advertisement[];
  /** Whether a peer must still hear that a prefix is gone. */
  isAwaited(prefix: number): boolean;
  /** How many paths a peer of it knows from us. */
  count(peer: OutPeer): number;
  /** The paths that a peer of it knows of to a prefix. */
  knownTo(peer: OutPeer, prefix: number): readonly ToldPath[];
}
