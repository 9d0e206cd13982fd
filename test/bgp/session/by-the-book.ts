import type { Event } from "../../../src/bgp/session/event.ts";
import { negotiate, weDominate } from "../../../src/bgp/session/negotiation.ts";
import type { SessionParameters } from "../../../src/bgp/session/parameters.ts";
import {
  type Connection,
  connectionsOf,
  establishedOf,
  type State,
  withConnection,
} from "../../../src/bgp/session/state.ts";
import { close, type Step, stay } from "../../../src/bgp/session/step.ts";

const collision = { reason: "connectionCollisionResolution" } as const;

/**
 * A speaker of another make, which resolves collisions by the letter of RFC 4271 §6.8: each end does, whenever an OPEN comes. What has
 * no connection left when it had one is in Idle.
 *
 * @param compared the phases of another connection with which one competes whose OPEN comes: BIRD takes the first, FRR both
 */
export function byTheBook(compared: readonly Connection["phase"][]) {
  return (state: State, event: Event, parameters: SessionParameters): Step => {
    switch (event.type) {
      case "manualStart":
        return stay({ name: "connect" }, { type: "dial" });
      case "inboundConnected":
      case "outboundConnected": {
        const { connection: id, type } = event;
        if (establishedOf(state)) return stay(state, ...close(id, collision));
        const direction = type === "inboundConnected" ? "inbound" : "outbound";
        const next = withConnection(state, { id, direction, phase: "open sent" });
        return stay(next, { type: "sendOpen", connection: id });
      }
      case "tcpConnectionFails":
        return without(state, event.connection);
      case "message": {
        const connection = connectionsOf(state).find(({ id }) => id === event.connection);
        if (!connection) return stay(state);
        if (event.message.type === "notification") return without(state, connection.id);
        if (event.message.type === "keepalive") return up(state, connection);
        if (event.message.type !== "open") return stay(state);
        const negotiated = negotiate(event.message, parameters);
        if ("reason" in negotiated) throw new Error("it would not take this OPEN");
        const { id, direction } = connection;
        const opened = { id, direction, phase: "open confirm", negotiated } as const;
        const answer = [{ type: "cancelDial" }, { type: "sendKeepalive", connection: id }] as const;
        const other = connectionsOf(state).find((other) => other.id !== id);
        if (!other || ![...compared, "established"].includes(other.phase)) {
          return stay(withConnection(state, opened), ...answer);
        }
        const isKept =
          other.phase !== "established" &&
          (direction === "outbound") === weDominate(negotiated.peer, parameters);
        if (!isKept) return stay({ name: "connected", connection: other }, ...close(id, collision));
        return stay({ name: "connected", connection: opened }, ...close(other.id, collision), ...answer);
      }
      default:
        throw new Error(`nobody tells it ${event.type}`);
    }
  };
}

function up(state: State, connection: Connection): Step {
  if (connection.phase !== "open confirm") return stay(state);
  const others = connectionsOf(state).filter(({ id }) => id !== connection.id);
  const closing = others.flatMap(({ id }) => close(id, collision));
  return stay({ name: "connected", connection: { ...connection, phase: "established" } }, ...closing);
}

function without(state: State, gone: string): Step {
  const connections = connectionsOf(state);
  const [connection] = connections.filter(({ id }) => id !== gone);
  if (!connections.some(({ id }) => id === gone)) return stay(state);
  return stay(connection ? { name: "connected", connection } : { name: "idle" });
}
