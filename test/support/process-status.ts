import type { ProcessStatus } from "../../src/bgp/control/status.ts";

/** What some process might take. */
export const processStatus: ProcessStatus = {
  pid: 4711,
  upMs: 61_000,
  cpuMs: 2340,
  memory: 100 * 2 ** 20,
  peakMemory: 120 * 2 ** 20,
  fileDescriptors: 77,
  lateMs: { median: 0.1, p99: 3.5, most: 12 },
};
