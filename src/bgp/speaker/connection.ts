import type { Clock } from "../../std/clock.ts";
import { messageOf } from "../../std/errors.ts";
import type { LogLevel } from "../config/config.ts";
import type { ConnectionTimer } from "../session/action.ts";
import type { ConnectionEvent } from "../session/event.ts";
import type { SessionParameters } from "../session/parameters.ts";
import type { ConnectionId, Direction } from "../session/state.ts";
import { decodeMessage, encodeMessages } from "../wire/codec.ts";
import { describeMessage, messageName } from "../wire/describe.ts";
import { Framer } from "../wire/framer.ts";
import { type Encoding, type Message, WireError } from "../wire/message.ts";
import type { Passage } from "./history.ts";
import { formatSocketName, type SocketName, type Transport } from "./host.ts";
import type { Fields } from "./log.ts";
import { Timer } from "./timer.ts";

/** Octets that may wait for a peer to read before it is told no more routes. */
const MOST_UNSENT = 65_536;

/** What a connection needs of its session. */
export interface ConnectionOwner {
  readonly clock: Clock;
  readonly parameters: SessionParameters;
  /** As negotiated on this connection; undefined before the peer's OPEN. */
  encoding(): Encoding | undefined;
  handle(event: ConnectionEvent): void;
  log(level: LogLevel, msg: string, fields: () => Fields): void;
  /** A peer that did not keep up has read all. */
  drained(): void;
  /** A whole message was sent or received. */
  passed(message: Message, passage: Passage & { readonly octets: number }): void;
}

/** One TCP connection of a session: octets become events, messages become octets. */
export class BgpConnection {
  readonly id: ConnectionId;
  readonly direction: Direction;
  readonly timers: Readonly<Record<ConnectionTimer, Timer>>;
  readonly #transport: Transport;
  readonly #owner: ConnectionOwner;
  readonly #framer = new Framer();
  #closed = false;
  #behind = false;

  constructor(
    identity: { id: ConnectionId; direction: Direction },
    transport: Transport,
    owner: ConnectionOwner,
  ) {
    const { id, direction } = identity;
    this.id = id;
    this.direction = direction;
    this.#transport = transport;
    this.#owner = owner;
    const expires = (timer: ConnectionTimer) => () =>
      owner.handle({ type: `${timer}TimerExpires`, connection: id });
    this.timers = {
      keepalive: new Timer(owner.clock, owner.parameters.keepaliveTime, expires("keepalive")),
      hold: new Timer(owner.clock, owner.parameters.holdTime, expires("hold")),
      delayOpen: new Timer(owner.clock, owner.parameters.delayOpenTime, expires("delayOpen")),
      sendHold: new Timer(owner.clock, owner.parameters.sendHoldTime ?? 0, () => this.#sendHoldExpires()),
    };
  }

  get local(): SocketName | undefined {
    return this.#transport.local;
  }

  get peer(): SocketName {
    return this.#transport.peer;
  }

  /** Both ends as text. */
  get names(): { readonly local: string; readonly peer: string } {
    const { local, peer } = this.#transport;
    return { local: local ? formatSocketName(local) : "?", peer: formatSocketName(peer) };
  }

  /** Takes what arrives from now on. */
  listen(): void {
    this.#transport.listen({
      connected: () => undefined,
      received: (octets) => this.#receive(octets),
      sent: () => this.#sent(),
      closed: (error) => {
        this.#closed = true;
        this.#owner.handle({ type: "tcpConnectionFails", connection: this.id, error });
      },
    });
  }

  send(message: Message): void {
    this.#log(message, "send", "to");
    let total = 0;
    for (const octets of encodeMessages(message, this.#owner.encoding())) {
      total += octets.length;
      this.#transport.send(octets);
    }
    this.#owner.passed(message, { direction: "sent", connectionId: this.id, octets: total });
  }

  /** Whether the peer reads what it is sent; if not, `drained` is told as soon as it has. */
  get keepsUp(): boolean {
    this.#behind ||= this.#transport.unsent > MOST_UNSENT;
    return !this.#behind;
  }

  /** Ends it once all that was sent has left. */
  close(): void {
    this.#closed = true;
    for (const timer of Object.values(this.timers)) timer.stop();
    this.#transport.close();
  }

  #sent(): void {
    const { sendHold } = this.timers;
    if (sendHold.remaining !== undefined) sendHold.restart();
    if (!this.#behind || this.#transport.unsent > 0) return;
    this.#behind = false;
    this.#owner.drained();
  }

  /** A peer that had nothing to take did not fail to take it. */
  #sendHoldExpires(): void {
    if (this.#transport.unsent === 0) return this.timers.sendHold.restart();
    this.#owner.handle({ type: "sendHoldTimerExpires", connection: this.id });
  }

  #receive(octets: Uint8Array): void {
    try {
      for (const frame of this.#framer.push(octets)) {
        if (this.#closed) return;
        const message = decodeMessage(frame, this.#owner.encoding());
        this.#log(message, "recv", "from");
        const { length: octets } = frame.octets;
        this.#owner.passed(message, { direction: "received", connectionId: this.id, octets });
        this.#owner.handle({ type: "message", connection: this.id, message });
        // Not before the peer's OPEN: a stranger must not make us keep so much of what it says.
        if (this.#owner.encoding()) this.#framer.allowExtended();
      }
    } catch (error) {
      this.#refuse(error);
    }
  }

  /** Octets never end more than their own connection, whatever they are and whatever we got wrong about them. */
  #refuse(error: unknown): void {
    if (this.#closed) throw error;
    const known = error instanceof WireError;
    if (!known) {
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#owner.log("error", "internal error while reading a message", () => ({ error: stack }));
    }
    const { reason, data } = known ? error : ({ reason: "cease", data: new Uint8Array() } as const);
    this.#owner.handle({
      type: "parseError",
      connection: this.id,
      error: { reason, data, message: messageOf(error) },
    });
  }

  /** Keepalives of a quiet night are not worth a line each. */
  #log(message: Message, verb: string, preposition: string): void {
    const level = message.type === "keepalive" ? "trace" : "debug";
    const { local, peer } = this.names;
    const text = `${verb} ${messageName(message)} message ${preposition} ${peer} (conn_id: ${this.id})`;
    this.#owner.log(level, text, () => ({
      module: "neighbor",
      unit: "connection_tcp",
      direction: this.direction,
      connection_id: this.id,
      connection_local: local,
      connection_peer: peer,
      message: `${messageName(message)} message`,
      message_contents: describeMessage(message),
    }));
  }
}
