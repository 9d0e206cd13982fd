import type { TestEvent } from "../report/reporters/event.ts";

/** What a person at a terminal sees of a test run while it goes on, e.g. `"2 of 7 labs done; up: ring-6, clos-2x4"`. */
export class LiveLine {
  readonly #running = new Map<string, string>();
  #done = 0;
  #total = 0;

  /** Takes in an event. @returns the line from now on; undefined for none */
  after(event: TestEvent): string | undefined {
    if (event.type === "plan") this.#total = event.labs.length;
    if (event.type === "begin") {
      const { lab, file } = event.lab;
      this.#running.set(file, event.attempt === 1 ? `${lab}` : `${lab} (attempt ${event.attempt})`);
    }
    if (event.type === "lab") {
      this.#done = event.number;
      this.#running.delete(event.result.file);
    }
    if (event.type === "end" || this.#running.size === 0) return undefined;
    return `${this.#done} of ${this.#total} labs done; up: ${[...this.#running.values()].join(", ")}`;
  }
}
