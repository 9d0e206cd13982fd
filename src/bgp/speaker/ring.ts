/** The last so many of something. */
export class Ring<T> {
  readonly #length: number;
  readonly #items: T[] = [];
  #oldest = 0;

  constructor(length: number) {
    this.#length = length;
  }

  push(item: T): void {
    if (this.#items.length < this.#length) {
      this.#items.push(item);
      return;
    }
    this.#items[this.#oldest] = item;
    this.#oldest = (this.#oldest + 1) % this.#length;
  }

  /** All of them, oldest first; a copy. */
  toArray(): T[] {
    return [...this.#items.slice(this.#oldest), ...this.#items.slice(0, this.#oldest)];
  }
}
