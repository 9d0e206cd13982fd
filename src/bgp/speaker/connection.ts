import type { Clock } from "../../std/clock.ts";
import { messageOf } from "../../std/errors.ts";
import type { LogLevel } from "../config/config.ts";
import type { ConnectionTimer } from "../session/action.ts";
import type { ConnectionEvent } from "../session/event.ts";
import type { SessionParameters } from "../session/parameters.ts";
import type { ConnectionId, Direction } from "../session/state.ts";
import { decodeMessage, encodeMessages } from "../wire/codec.ts";
import { describeMessage, messageName } from "../wire/describe.ts";
import { type Frame, Framer } from "../wire/framer.ts";
import { lengthAt, messageType } from "../wire/header.ts";
import { type Encoding, type Message, WireError } from "../wire/message.ts";
import { formatSocketName, type SocketName, type Transport } from "./host.ts";
import type { Fields } from "./log.ts";
import { asReader, type Passage } from "./message-history.ts";
import { Timer } from "./timer.ts";

/** Octets that may wait for a peer to read before it is told no more routes. */
const MOST_UNSENT = 1 << 20;

/** A process that is so many milliseconds late has not listened, so that it may not blame the peer for silence. */
const MOST_LATE = 1000;

/** What a connection needs of its session. */
export interface ConnectionOwner {
  readonly clock: Clock;
  readonly parameters: SessionParameters;
  /** As negotiated on this connection; undefined before the peer's OPEN. */
  encoding(): Encoding | undefined;
  handle(event: ConnectionEvent): void;
  /** Whether lines of this level are written. */
  logs(level: LogLevel): boolean;
  log(level: LogLevel, msg: string, fields: () => Fields): void;
  /** A peer that did not keep up has read all. */
  drained(): void;
  /** Whole messages were sent or received. */
  passed(octets: Uint8Array, passage: Passage): void;
  /** All messages of a chunk of octets were handled. */
  caughtUp(): void;
}

/**
 * One TCP connection of a session: octets become events, messages become octets.
 *
 * Long because what is sent and what is received are counted, logged and remembered alike.
 */
export class BgpConnection {
  readonly id: ConnectionId;
  readonly direction: Direction;
  readonly timers: Readonly<Record<ConnectionTimer, Timer>>;
  readonly #transport: Transport;
  readonly #owner: ConnectionOwner;
  readonly #framer = new Framer();
  readonly #passages: Record<Passage["direction"], Passage>;
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
    this.#passages = {
      sent: { direction: "sent", connectionId: id, encoding: undefined },
      received: { direction: "received", connectionId: id, encoding: undefined },
    };
    const expires = (timer: ConnectionTimer) => () =>
      owner.handle({ type: `${timer}TimerExpires`, connection: id });
    this.timers = {
      keepalive: new Timer(owner.clock, owner.parameters.keepaliveTime, expires("keepalive")),
      hold: new Timer(owner.clock, owner.parameters.holdTime, () => this.#holdExpires()),
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

  send(message: Exclude<Message, { type: "update" }>): void {
    for (const octets of encodeMessages(message, this.#owner.encoding())) this.sendAll(octets);
  }

  /** Sends messages that are octets already; nobody changes those any more. */
  sendAll(octets: Uint8Array): void {
    const passage = this.#passage("sent");
    for (let start = 0; start < octets.length && this.#owner.logs("debug"); ) {
      const end = start + lengthAt(octets, start);
      this.#log({ type: messageType(octets, start), octets: octets.subarray(start, end) }, passage);
      start = end;
    }
    this.#transport.send(octets);
    this.#owner.passed(octets, passage);
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

  /** A peer whose octets wait to be read has said something in time, and one that sleeps with us may have slept, too. */
  #holdExpires(): void {
    const { hold } = this.timers;
    if (this.#transport.isUnread || hold.lateMs > MOST_LATE) return hold.restart();
    this.#owner.handle({ type: "holdTimerExpires", connection: this.id });
  }

  /** A peer that had nothing to take did not fail to take it. */
  #sendHoldExpires(): void {
    if (this.#transport.unsent === 0) return this.timers.sendHold.restart();
    this.#owner.handle({ type: "sendHoldTimerExpires", connection: this.id });
  }

  #receive(chunk: Uint8Array): void {
    try {
      for (const frame of this.#framer.push(chunk)) {
        if (this.#closed) break;
        this.#take(frame);
      }
    } catch (error) {
      this.#refuse(error);
    }
    this.#owner.caughtUp();
  }

  #take(frame: Frame): void {
    const message = decodeMessage(frame, this.#owner.encoding());
    const passage = this.#passage("received");
    if (this.#owner.logs("debug")) this.#log(frame, passage, message);
    this.#owner.passed(frame.octets, passage);
    this.#owner.handle({ type: "message", connection: this.id, message });
    // Not before the peer's OPEN: a stranger must not make us keep so much of what it says.
    if (this.#owner.encoding()) this.#framer.allowExtended();
  }

  /** The same object as long as nothing of it changes. */
  #passage(direction: Passage["direction"]): Passage {
    const encoding = this.#owner.encoding();
    const known = this.#passages[direction];
    if (known.encoding === encoding) return known;
    this.#passages[direction] = { ...known, encoding };
    return this.#passages[direction];
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
  #log({ type, octets }: Frame, { direction, encoding }: Passage, message?: Message): void {
    const [verb, preposition] = direction === "sent" ? ["send", "to"] : ["recv", "from"];
    const { local, peer } = this.names;
    const name = messageName({ type });
    const text = `${verb} ${name} message ${preposition} ${peer} (conn_id: ${this.id})`;
    this.#owner.log(type === "keepalive" ? "trace" : "debug", text, () => ({
      module: "neighbor",
      unit: "connection_tcp",
      direction: this.direction,
      connection_id: this.id,
      connection_local: local,
      connection_peer: peer,
      message: `${name} message`,
      message_contents: describeMessage(
        message ?? decodeMessage({ type, octets }, asReader(encoding, direction)),
      ),
    }));
  }
}
