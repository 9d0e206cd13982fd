import { messageOf } from "./errors.ts";

type Undo = () => void | Promise<void>;

/**
 * Undo steps of work in progress, run newest first.
 *
 * Every step runs even if an earlier one fails: a lab that is half torn down is worse than one error too many.
 */
export class Cleanup implements AsyncDisposable {
  #steps: Undo[] = [];

  add(undo: Undo): void {
    this.#steps.push(undo);
  }

  /** The work succeeded: what it made stays. */
  keep(): void {
    this.#steps = [];
  }

  /** @throws {AggregateError} after all steps ran, if any of them failed */
  async [Symbol.asyncDispose](): Promise<void> {
    const failures: unknown[] = [];
    for (const undo of this.#steps.splice(0).reverse()) {
      try {
        await undo();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) {
      throw new AggregateError(failures, `cleaning up failed: ${failures.map(messageOf).join("; ")}`);
    }
  }
}
