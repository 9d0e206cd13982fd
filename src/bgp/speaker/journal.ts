import { viewOf } from "../../std/bytes.ts";
import type { Clock } from "../../std/clock.ts";
import type { LogLevel } from "../config/config.ts";
import type { SessionTimer } from "../session/action.ts";
import { type Event, eventTitle } from "../session/event.ts";
import type { StateTitle } from "../session/state.ts";
import { lengthAt, messageType } from "../wire/header.ts";
import type { BgpConnection } from "./connection.ts";
import { Counters } from "./counters.ts";
import { History } from "./history.ts";
import type { Fields, Log } from "./log.ts";
import type { Passage } from "./message-history.ts";
import { connectionFields, sessionFields } from "./session-log.ts";
import type { Timer } from "./timer.ts";

/** What happened to a session: its lines in the log, its history, and its counters. */
export class Journal {
  readonly history: History;
  readonly counters = new Counters();
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #common: () => Fields;
  #state: StateTitle = "idle";

  constructor(
    { session, timers }: { session: string; timers: Readonly<Record<SessionTimer, Timer>> },
    out: { log: Log; clock: Clock },
  ) {
    this.history = new History(out.clock);
    this.#clock = out.clock;
    this.#log = out.log;
    this.#common = () => ({ ...sessionFields(session, timers), fsm_state: this.#state });
  }

  event(event: Event, connection: BgpConnection | undefined): void {
    this.counters.event(event);
    if (!this.#log.writes("debug")) return;
    const title = eventTitle(event);
    const level = this.#state === "established" && title.startsWith("keepalive") ? "trace" : "debug";
    const fields = () => ({ event: title, ...(connection && connectionFields(connection)) });
    this.write(level, `received fsm event ${title}`, fields);
  }

  /** The session went through these states. A line about a transition still has the old state, as in the seed. */
  moved(path: readonly StateTitle[], event: Event): void {
    for (const to of path) {
      this.write("info", `fsm transition ${this.#state} -> ${to}`, () => ({}));
      this.history.moved(this.#state, to, eventTitle(event));
      this.counters.moved(to);
      this.#state = to;
    }
  }

  /** Whole messages have passed. @param octets of one or more */
  messages(octets: Uint8Array, passage: Passage): void {
    // Keepalives would push out all else, but for the one that makes a session.
    const confirms = passage.direction === "received" && confirming.has(this.#state);
    const time = Math.floor(this.#clock.wallTime());
    for (let start = 0; start < octets.length; ) {
      const type = messageType(octets, start);
      const end = start + lengthAt(octets, start);
      this.counters.message(passage.direction, type, end - start);
      if (type !== "keepalive" || confirms) {
        this.history.message(viewOf(octets, start, end), passage, time);
      }
      start = end;
    }
  }

  write(level: LogLevel, msg: string, fields: () => Fields): void {
    this.#log.write(level, msg, () => ({ ...this.#common(), ...fields() }));
  }
}

/** The states that a keepalive of the peer's can end. */
const confirming: ReadonlySet<StateTitle> = new Set(["open confirm", "connection collision"]);
