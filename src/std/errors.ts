/** Base of every error that a user can cause or fix; anything else that escapes is a bug. */
export abstract class LabError extends Error {
  /** Stable identifier such as `"TOPOLOGY_INVALID"`; every one is explained in docs/errors.md. */
  abstract readonly code: string;

  /** What the user can do about it, if we know. */
  readonly hint: string | undefined;

  constructor(message: string, options: { cause?: unknown; hint?: string } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.hint = options.hint;
  }

  override get name(): string {
    return this.constructor.name;
  }
}

/** Fails to compile where a `switch` forgot a case; throws if the types lied. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Many errors can end something at once: what failed, and what failed while undoing it. */
export function errorsIn(thrown: unknown): unknown[] {
  if (thrown instanceof SuppressedError) return [...errorsIn(thrown.suppressed), ...errorsIn(thrown.error)];
  if (thrown instanceof AggregateError) return thrown.errors.flatMap(errorsIn);
  return [thrown];
}
