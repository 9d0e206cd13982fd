import type { Clock } from "../../std/clock.ts";
import { unreachable } from "../../std/errors.ts";
import type { StatusEvent } from "../control/status.ts";

/** Between two times that news are told. */
const GATHER_MS = 5;

/** What has changed since it was told the last time: of each thing only how it is now, however often it has changed. */
export class News {
  readonly #clock: Clock;
  readonly #tell: (events: readonly StatusEvent[]) => void;
  readonly #untold = new Map<string, StatusEvent>();
  #timer: Disposable | undefined;

  constructor(clock: Clock, tell: (events: readonly StatusEvent[]) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  add(event: StatusEvent): void {
    const key = keyOf(event);
    // What changed last is told last.
    this.#untold.delete(key);
    this.#untold.set(key, event);
    this.#timer ??= this.#clock.after(GATHER_MS, () => this.#ring());
  }

  /** Tells now what has not been told yet. */
  flush(): void {
    if (this.#timer === undefined) return;
    this.#timer[Symbol.dispose]();
    this.#ring();
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  #ring(): void {
    this.#timer = undefined;
    const events = [...this.#untold.values()];
    this.#untold.clear();
    this.#tell(events);
  }
}

/** What an event is about. */
function keyOf(event: StatusEvent): string {
  switch (event.type) {
    case "status":
      return "status";
    case "session":
      return `session ${event.session.router} ${event.session.session}`;
    case "router":
      return `router ${event.router.router}`;
    case "route":
      return `route ${event.route.router} ${event.route.prefix}`;
    case "routeGone":
      return `route ${event.router} ${event.prefix}`;
    default:
      return unreachable(event);
  }
}
