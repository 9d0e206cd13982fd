import type { Random } from "../std/random.ts";
import type { FaultType } from "./faults.ts";
import type { MemoryConnection } from "./memory-connection.ts";
import type { VirtualClock } from "./virtual-clock.ts";
import type { Weather } from "./weather.ts";
import type { Wire } from "./wire.ts";

/** How often each link is in danger, on average. */
const INTERVAL_MS = 2_000;

/** How long an interface is down, or a link silent: mostly short, for what is left when it ends is the difficulty. */
const SHORT_MS = 300;
const LONG_MS = 8_000;

/** What a storm needs. */
export interface StormSetup {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly weather: Weather;
  /** Whether all sessions have one: nothing else ends a connection that is muted. */
  readonly holdTimes: boolean;
  readonly note: (text: () => string) => void;
}

/** Breaks and mutes connections, takes interfaces down and silences links, each at its own moments, as long as the weather is bad. */
export class Storm {
  readonly #setup: StormSetup;

  constructor(setup: StormSetup) {
    this.#setup = setup;
  }

  /** Puts a link in danger. */
  threaten(wire: Wire): void {
    this.#repeat(() => this.#strikeConnection("droppedConnection", wire)?.reset());
    if (this.#setup.holdTimes) this.#repeat(() => this.#strikeConnection("mutedConnection", wire)?.mute());
    this.#repeat(() => this.#flap(wire));
    this.#repeat(() => this.#silence(wire));
  }

  /** Again and again, at random moments. */
  #repeat(task: () => void): void {
    const { clock, random, weather } = this.#setup;
    clock.after(random.between(0, 2 * INTERVAL_MS), () => {
      if (!weather.bad) return;
      task();
      this.#repeat(task);
    });
  }

  #strikeConnection(type: FaultType, wire: Wire): MemoryConnection | undefined {
    if (wire.connections.size === 0 || !this.#strikes(type, wire)) return undefined;
    return this.#setup.random.pick([...wire.connections]);
  }

  #flap(wire: Wire): void {
    if (!wire.running || !this.#strikes("interfaceFlap", wire)) return;
    wire.takeDown(this.#setup.random.pick(wire.ends));
    this.#later(() => {
      this.#setup.note(() => `${wire.name} is up again`);
      wire.setRunning(true);
    });
  }

  #silence(wire: Wire): void {
    if (wire.silent || !this.#strikes("silentLink", wire)) return;
    wire.setSilent(true);
    this.#later(() => {
      this.#setup.note(() => `${wire.name} is silent no more`);
      wire.setSilent(false);
    });
  }

  #strikes(type: FaultType, wire: Wire): boolean {
    const strikes = this.#setup.weather.strikes(type);
    if (strikes) this.#setup.note(() => `fault on ${wire.name}: ${type}`);
    return strikes;
  }

  /** When the weather is good, all is well again. */
  #later(task: () => void): void {
    const { clock, random, weather } = this.#setup;
    const ms = random.between(0, random.chance(0.5) ? SHORT_MS : LONG_MS);
    clock.after(Math.min(ms, weather.untilMs - clock.now()), task);
  }
}
