import type { Clock } from "../../std/clock.ts";
import type { LogLevel } from "../config/config.ts";
import type { LogBudget } from "./log-budget.ts";

const levels: Readonly<Record<LogLevel, number>> = { trace: 10, debug: 20, info: 30, warn: 40, error: 50 };

export type Fields = Readonly<Record<string, string | number>>;

/** Where and as whom a speaker logs. */
export interface LogContext {
  readonly clock: Clock;
  readonly hostname: string;
  readonly pid: number;
  /** Takes one line, its end included. */
  readonly write: (line: string) => void;
  /** Of lines below `info`; no limit unless given. */
  readonly budget?: LogBudget;
}

/** Writes one router's log: bunyan's JSON lines with the keys of the seed's log, and `router`. */
export class Log {
  readonly #context: LogContext;
  /** What all lines have in common, as JSON without its braces. */
  readonly #common: string;
  /** This level is written, and all above it. */
  threshold: LogLevel;
  #isSilent = false;

  constructor(context: LogContext, options: { common: Fields; threshold: LogLevel }) {
    this.#context = context;
    const { hostname, pid } = context;
    this.#common = JSON.stringify({ hostname, pid, component: "bgp", ...options.common }).slice(1, -1);
    this.threshold = options.threshold;
  }

  /** Whether a line of this level is written: what it says need not be put together if not. */
  writes(level: LogLevel): boolean {
    if (levels[level] < levels[this.threshold]) return false;
    return levels[level] >= levels.info || this.#hasRoom();
  }

  /** @param fields a function, because most lines of the lowest levels are never written */
  write(level: LogLevel, msg: string, fields: () => Fields): void {
    if (!this.writes(level)) return;
    if (levels[level] < levels.info) this.#context.budget?.spend();
    this.#print(level, msg, fields);
  }

  /** What is left out is said once. */
  #hasRoom(): boolean {
    const wasSilent = this.#isSilent;
    this.#isSilent = this.#context.budget?.isSpent ?? false;
    if (this.#isSilent && !wasSilent) {
      this.#print("info", "lines of level debug are left out, since there are too many at once", () => ({}));
    }
    return !this.#isSilent;
  }

  /** Put together as text: in a storm, lines are a good part of all that a speaker does. */
  #print(level: LogLevel, msg: string, fields: () => Fields): void {
    const { clock, write } = this.#context;
    const time = new Date(clock.wallTime()).toISOString();
    const own = JSON.stringify(fields()).slice(1);
    const head = `{"msg":${JSON.stringify(msg)},"v":0,"name":"fe80-speaker","level":${levels[level]},"time":"${time}"`;
    write(`${head},${this.#common}${own === "}" ? "" : ","}${own}\n`);
  }
}
