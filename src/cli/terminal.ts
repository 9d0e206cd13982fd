/** Standard error with a line at its end that changes, on a terminal; without one there is no such line. */
export class Terminal {
  readonly #write: (text: string) => void;
  readonly #columns: () => number | undefined;
  #live: string | undefined;

  /** @param options.columns undefined unless it is a terminal */
  constructor(options: { write: (text: string) => void; columns: () => number | undefined }) {
    this.#write = options.write;
    this.#columns = options.columns;
  }

  /** Writes a line that stays. */
  line(text: string): void {
    this.above(() => this.#write(`${text}\n`));
  }

  /** Lets somebody else write lines to the same terminal. */
  above(write: () => void): void {
    const live = this.#live;
    this.live(undefined);
    write();
    this.live(live);
  }

  /** Shows the changing line, or none. */
  live(text: string | undefined): void {
    const columns = this.#columns();
    if (columns === undefined || text === this.#live) return;
    // Carriage return, and erase to the end of the line (ECMA-48 §8.3.41).
    const erase = this.#live === undefined ? "" : "\r\u001b[K";
    this.#write(erase + (text?.slice(0, columns - 1) ?? ""));
    this.#live = text;
  }
}
