import { readdirSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { ProcessStatus } from "../control/status.ts";

/** How often it is looked whether the process is late. */
const LOOK_EVERY_MS = 50;

const NS_A_MS = 1e6;
const OCTETS_A_KIB = 1024;

/** Watches what this process takes, and how late it is. */
export class OwnProcess implements Disposable {
  readonly #delays = monitorEventLoopDelay({ resolution: LOOK_EVERY_MS });

  constructor() {
    this.#delays.enable();
  }

  get status(): ProcessStatus {
    const { user, system } = process.cpuUsage();
    return {
      pid: process.pid,
      upMs: Math.round(process.uptime() * 1000),
      cpuMs: Math.round((user + system) / 1000),
      memory: process.memoryUsage.rss(),
      peakMemory: process.resourceUsage().maxRSS * OCTETS_A_KIB,
      fileDescriptors: readdirSync("/proc/self/fd").length,
      lateMs: {
        median: lateness(this.#delays.percentile(50)),
        p99: lateness(this.#delays.percentile(99)),
        most: lateness(this.#delays.max),
      },
    };
  }

  [Symbol.dispose](): void {
    this.#delays.disable();
  }
}

/** What is measured is the time from look to look. A tenth of a millisecond is as exact as it gets. */
function lateness(ns: number): number {
  return Math.max(0, Math.round(10 * (ns / NS_A_MS - LOOK_EVERY_MS)) / 10);
}
