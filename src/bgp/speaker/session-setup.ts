import type { Address, Family } from "../../net/address.ts";
import type { Clock } from "../../std/clock.ts";
import type { SessionStatus } from "../control/status.ts";
import type { Peer } from "../rib/route.ts";
import type { SessionParameters } from "../session/parameters.ts";
import type { Kept } from "../session/restart.ts";
import type { ConnectionId } from "../session/state.ts";
import type { Update } from "../wire/message.ts";
import type { RouterHost } from "./host.ts";
import type { Log } from "./log.ts";

/** The port that BGP listens on (RFC 4271 §2). */
export const BGP_PORT = 179;

/** A peer, but for what its session does not know: what is done to its routes. */
export type EstablishedPeer = Omit<Peer, "policy">;

/** What routing, and whoever watches, learn from a session, which tells its name. */
export interface SessionOwner {
  up(peer: EstablishedPeer): void;
  /** What was told over it is gone, but for what is kept. */
  down(session: string, kept: Kept | undefined): void;
  update(session: string, update: Update): void;
  /** All updates of a chunk of octets were told. */
  caughtUp(): void;
  refresh(session: string, family: Family): void;
  /** The peer is about to tell all of its routes again. */
  refreshBegins(session: string, family: Family): void;
  /** It has done so. */
  refreshEnds(session: string, family: Family): void;
  /** A peer that did not keep up does again. */
  drained(session: string): void;
  /** @param status what it is now, put into words when somebody wants it */
  changed(status: () => SessionStatus): void;
}

export interface SessionSetup {
  readonly router: string;
  /** Its name. */
  readonly session: string;
  readonly ifname: string;
  /** Its address, where the session is told; null for whoever is discovered. */
  readonly peer: Address | null;
  readonly parameters: SessionParameters;
  readonly host: RouterHost;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  readonly newConnectionId: () => ConnectionId;
  readonly owner: SessionOwner;
}
