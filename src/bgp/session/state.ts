import type { Negotiated } from "./negotiation.ts";

/** Names one TCP connection for as long as the speaker runs: eight hexadecimal digits. */
export type ConnectionId = string & { readonly __brand: "ConnectionId" };

/** An open TCP connection on which we have sent our OPEN. */
export type Connection = OpenSent | OpenReceived;

interface ConnectionBase {
  readonly id: ConnectionId;
  /** Who dialed: outbound is ours. */
  readonly direction: Direction;
}

export type Direction = "inbound" | "outbound";

interface OpenSent extends ConnectionBase {
  readonly phase: "open sent";
}

export interface OpenReceived extends ConnectionBase {
  readonly phase: "open confirm" | "established";
  readonly negotiated: Negotiated;
}

/**
 * A session: with no connection it is idle, connecting or listening; with one it is where that connection is; with two,
 * of opposite directions, it is in a collision.
 */
export type State =
  | { readonly name: "idle" }
  | { readonly name: "connect" }
  | { readonly name: "active" }
  | { readonly name: "connected"; readonly connection: Connection }
  | { readonly name: "collision"; readonly connections: readonly [Connection, Connection] };

/** The states as logs call them; the two that RFC 4271 does not know are the seed's. */
export type StateTitle =
  | "idle"
  | "connect"
  | "active"
  | "open sent"
  | "open confirm"
  | "connection collision"
  | "session setup"
  | "established";

export function stateTitle(state: State): StateTitle {
  if (state.name === "connected") return state.connection.phase;
  return state.name === "collision" ? "connection collision" : state.name;
}

/** The open connections, none to two. */
export function connectionsOf(state: State): readonly Connection[] {
  if (state.name === "connected") return [state.connection];
  return state.name === "collision" ? state.connections : [];
}
