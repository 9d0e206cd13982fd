/** Where time comes from. Only `bin/` and `library/` name the real one; a simulation has its own. */
export interface Clock {
  /** Milliseconds since an arbitrary start, never going back. */
  now(): number;

  /** Milliseconds since 1970-01-01 UTC, for people to read in logs. */
  wallTime(): number;

  /** Runs `task` once, `ms` from now. Disposing of the handle cancels it. */
  after(ms: number, task: () => void): Disposable;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: () => performance.timeOrigin + performance.now(),
  after(ms, task) {
    if (ms === 0) return soon(task);
    const timer = setTimeout(task, ms);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};

/** In the next turn of the event loop, after what is there to be read: a timer would wait a millisecond. */
function soon(task: () => void): Disposable {
  const immediate = setImmediate(task);
  return { [Symbol.dispose]: () => clearImmediate(immediate) };
}

/** Resolves after `ms`, or rejects with the signal's reason as soon as it aborts. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const abort = () => {
      timer[Symbol.dispose]();
      reject(signal.reason);
    };
    const timer = clock.after(ms, () => {
      signal.removeEventListener("abort", abort);
      resolve();
    });
    signal.addEventListener("abort", abort, { once: true });
  });
}
