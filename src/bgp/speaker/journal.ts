import type { Clock } from "../../std/clock.ts";
import type { LogLevel } from "../config/config.ts";
import type { Transition } from "../control/status.ts";
import type { SessionTimer } from "../session/action.ts";
import { type Event, eventTitle } from "../session/event.ts";
import type { StateTitle } from "../session/state.ts";
import type { BgpConnection } from "./connection.ts";
import type { Fields, Log } from "./log.ts";
import { connectionFields, sessionFields } from "./session-log.ts";
import { rfcName } from "./session-status.ts";
import type { Timer } from "./timer.ts";

/** How many state transitions are kept for reports. */
const HISTORY_LENGTH = 32;

/** What happened to a session: its lines in the log, and its last transitions. */
export class Journal {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #common: () => Fields;
  #state: StateTitle = "idle";
  #history: readonly Transition[] = [];

  constructor(
    session: { ifname: string; timers: Readonly<Record<SessionTimer, Timer>> },
    out: { log: Log; clock: Clock },
  ) {
    this.#log = out.log;
    this.#clock = out.clock;
    this.#common = () => ({ ...sessionFields(session.ifname, session.timers), fsm_state: this.#state });
  }

  /** Oldest first, between the states of RFC 4271 alone. */
  get history(): readonly Transition[] {
    return this.#history;
  }

  event(event: Event, connection: BgpConnection | undefined): void {
    const title = eventTitle(event);
    const level = this.#state === "established" && title.startsWith("keepalive") ? "trace" : "debug";
    const fields = () => ({ event: title, ...(connection && connectionFields(connection)) });
    this.write(level, `received fsm event ${title}`, fields);
  }

  /** The session went through these states. A line about a transition still has the old state, as in the seed. */
  moved(path: readonly StateTitle[], event: Event): void {
    for (const to of path) {
      this.write("info", `fsm transition ${this.#state} -> ${to}`, () => ({}));
      this.#remember(rfcName(this.#state), rfcName(to), eventTitle(event));
      this.#state = to;
    }
  }

  write(level: LogLevel, msg: string, fields: () => Fields): void {
    this.#log.write(level, msg, () => ({ ...this.#common(), ...fields() }));
  }

  #remember(from: Transition["from"], to: Transition["to"], event: string): void {
    if (from === to) return;
    const time = new Date(this.#clock.wallTime()).toISOString();
    this.#history = [...this.#history, { time, from, to, event }].slice(-HISTORY_LENGTH);
  }
}
