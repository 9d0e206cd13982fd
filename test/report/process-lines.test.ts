import t from "tap";
import type { ProcessReport } from "../../src/report/lab-report.ts";
import { lateLines, processLines } from "../../src/report/process-lines.ts";
import { processStatus } from "../support/process-status.ts";

const quick: ProcessReport = { ...processStatus, name: "speaker-1", routers: 40 };
const late: ProcessReport = {
  ...quick,
  name: "speaker-2",
  routers: 1,
  lateMs: { median: 20, p99: 900, most: 4210 },
};

t.test("what processes take is a table, and a warning for each that was late", async (t) => {
  t.strictSame(processLines([quick, late], { format: "table" }), [
    "PROCESS    PID   ROUTERS  UP      CPU    MEMORY   PEAK     FILES  LATE    99 %    MOST",
    "speaker-1  4711  40       61.0 s  2.3 s  100 MiB  120 MiB  77     0.1 ms  3.5 ms  12 ms",
    "speaker-2  4711  1        61.0 s  2.3 s  100 MiB  120 MiB  77     20 ms   900 ms  4210 ms",
    "warning: speaker-2 (1 router) did not get round to its timers for up to 4.2 s",
  ]);
  t.strictSame(lateLines([quick]), []);
});

t.test("programs get all of it", async (t) => {
  t.strictSame(JSON.parse(processLines([quick], { format: "json" }).join("")), [quick]);
});
