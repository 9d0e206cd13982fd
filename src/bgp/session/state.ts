import type { Negotiated } from "./negotiation.ts";

/** Names one TCP connection for as long as the speaker runs: eight hexadecimal digits. */
export type ConnectionId = string & { readonly __brand: "ConnectionId" };

/** An open TCP connection, by how far it is. */
export type Connection = OpenDelayed | OpenSent | OpenReceived;

interface ConnectionBase {
  readonly id: ConnectionId;
  /** Who dialed: outbound is ours. */
  readonly direction: Direction;
}

export type Direction = "inbound" | "outbound";

/** Our OPEN waits for the peer's, or for the DelayOpenTimer (RFC 4271 §8.1.1). */
export interface OpenDelayed extends ConnectionBase {
  readonly phase: "open delayed";
  /** Where the session was, and stays until our OPEN is out (RFC 4271 §8.2.2). */
  readonly during: "connect" | "active";
}

interface OpenSent extends ConnectionBase {
  readonly phase: "open sent";
}

export interface OpenReceived extends ConnectionBase {
  readonly phase: "open confirm" | "established";
  /** The peer's KEEPALIVE is there, too: all that is left to hear is what becomes of the other connection. */
  readonly answered?: true;
  readonly negotiated: Negotiated;
}

/**
 * A session: with no connection it is idle, connecting or listening; with one it is where that connection is; with two
 * it is in a collision. Those are of opposite directions, unless the peer may have started again.
 */
export type State = (
  | { readonly name: "idle" }
  | { readonly name: "connect" }
  | { readonly name: "active" }
  | { readonly name: "connected"; readonly connection: Connection }
  | { readonly name: "collision"; readonly connections: readonly [Connection, Connection] }
) & {
  /** How often in a row a session that damps its oscillations has failed (RFC 4271 §8, ConnectRetryCounter). */
  readonly failures?: number;
};

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
  switch (state.name) {
    case "connected":
      return connectionTitle(state.connection);
    case "collision":
      return establishedOf(state) ? "established" : "connection collision";
    default:
      return state.name;
  }
}

/** The state of a session that had this connection alone. */
export function connectionTitle(connection: Connection): StateTitle {
  return connection.phase === "open delayed" ? connection.during : connection.phase;
}

/** The open connections, none to two. */
export function connectionsOf(state: State): readonly Connection[] {
  if (state.name === "connected") return [state.connection];
  return state.name === "collision" ? state.connections : [];
}

/** The connection over which the session is up. */
export function establishedOf(state: State): Connection | undefined {
  return connectionsOf(state).find(({ phase }) => phase === "established");
}

/** The same session, one of whose connections is now further. */
export function withConnection(state: State, connection: Connection): State {
  const other = connectionsOf(state).find(({ id }) => id !== connection.id);
  return other ? { name: "collision", connections: [other, connection] } : { name: "connected", connection };
}
