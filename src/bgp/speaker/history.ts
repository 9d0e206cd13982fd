import type { Clock } from "../../std/clock.ts";
import type { MessageRecord, StateChange } from "../control/session-detail.ts";
import type { Transition } from "../control/status.ts";
import type { StateTitle } from "../session/state.ts";
import { describePassed, MessageHistory, type Passage } from "./message-history.ts";
import { Ring } from "./ring.ts";
import { rfcName } from "./state-name.ts";

/** How many transitions are told with every status. */
const RECENT = 32;
/** How many transitions are kept for those who ask. */
const KEPT = 1024;

/** The last transitions and messages of a session. */
export class History {
  readonly #clock: Clock;
  #since: string;
  #recent: readonly Transition[] = [];
  readonly #transitions = new Ring<StateChange>(KEPT);
  readonly #messages = { sent: new MessageHistory(), received: new MessageHistory() };
  #messageCount = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = this.#time();
  }

  /** When the session came into its state: ISO 8601, UTC. */
  get since(): string {
    return this.#since;
  }

  /** The last few transitions between RFC 4271's states, oldest first. */
  get recent(): readonly Transition[] {
    return this.#recent;
  }

  get transitions(): StateChange[] {
    return this.#transitions.toArray();
  }

  /** Sent and received ones together, oldest first. */
  get messages(): MessageRecord[] {
    return [...this.#messages.sent.all, ...this.#messages.received.all]
      .sort((a, b) => a.number - b.number)
      .map(describePassed);
  }

  moved(from: StateTitle, to: StateTitle, event: string): void {
    const time = this.#time();
    this.#transitions.push({ time, from, to, event });
    const transition: Transition = { time, from: rfcName(from), to: rfcName(to), event };
    if (transition.from === transition.to) return;
    this.#since = time;
    this.#recent = [...this.#recent, transition].slice(-RECENT);
  }

  /** @param octets a whole message, of which a copy is kept @param time milliseconds since 1970 */
  message(octets: Uint8Array, passage: Passage, time: number): void {
    this.#messages[passage.direction].push({ octets, passage, time, number: this.#messageCount++ });
  }

  #time(): string {
    return new Date(this.#clock.wallTime()).toISOString();
  }
}
