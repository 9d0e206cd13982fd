import { unreachable } from "../../std/errors.ts";
import type { ConnectionAction } from "../session/action.ts";
import { ourOpen, type SessionParameters } from "../session/parameters.ts";
import type { ConnectionId, Direction } from "../session/state.ts";
import { notificationReasons } from "../wire/notification.ts";
import { BgpConnection, type ConnectionOwner } from "./connection.ts";
import type { Transport } from "./host.ts";

/** The open connections of a session: one, none, or two in a collision. */
export class Connections {
  readonly #open = new Map<ConnectionId, BgpConnection>();

  get(id: ConnectionId): BgpConnection | undefined {
    return this.#open.get(id);
  }

  /** As of now: closing one does not disturb whoever goes through them. */
  get all(): readonly BgpConnection[] {
    return [...this.#open.values()];
  }

  /** Takes what arrives on a TCP connection from now on. */
  open(
    identity: { readonly id: ConnectionId; readonly direction: Direction },
    transport: Transport,
    owner: ConnectionOwner,
  ): BgpConnection {
    const connection = new BgpConnection(identity, transport, owner);
    this.#open.set(identity.id, connection);
    connection.listen();
    return connection;
  }

  /** Does what the state machine wants; a connection that is gone does nothing. */
  carryOut(action: ConnectionAction, parameters: SessionParameters): void {
    const connection = this.#open.get(action.connection);
    switch (action.type) {
      case "sendOpen":
        return connection?.send(ourOpen(parameters));
      case "sendKeepalive":
        return connection?.send({ type: "keepalive" });
      case "sendNotification": {
        const [code, subcode] = notificationReasons[action.reason];
        return connection?.send({ type: "notification", code, subcode, data: action.data });
      }
      case "close":
        this.#open.delete(action.connection);
        return connection?.close();
      case "startConnectionTimer":
        return connection?.timers[action.timer].start(action.seconds);
      case "stopConnectionTimer":
        return connection?.timers[action.timer].stop();
      default:
        return unreachable(action);
    }
  }
}
