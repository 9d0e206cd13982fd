import t from "tap";
import { type ConvergenceTimes, compareTimes, parseTimes } from "../../src/report/convergence-times.ts";

const times = (calibrationMs: number, ms: number): ConvergenceTimes => ({ calibrationMs, labs: { lab: ms } });
const compare = (now: ConvergenceTimes, saved: ConvergenceTimes) =>
  compareTimes("lab", { now, saved }, { maxRegression: 0.2 });

t.test("a lab is as fast as it was if it takes as many calibrations", async (t) => {
  t.match(compare(times(100, 1200), times(100, 1000)), { passed: true, reasons: [] });
  t.match(compare(times(200, 2400), times(100, 1000)), { passed: true }, "a machine half as fast");
  t.match(compare(times(50, 1000), times(100, 1000)), { passed: false }, "a machine twice as fast");
});

t.test("a lab that became slower says by how much", async (t) => {
  t.strictSame(compare(times(200, 2600), times(100, 1000)), {
    name: "lab converges at most 20 % slower than it did",
    passed: false,
    reasons: [
      "lab converged in 2600 ms, 13.00 times the calibration of 200 ms; it was 1000 ms, 10.00 times 100 ms (+30 %)",
    ],
  });
});

t.test("some milliseconds are noise, however small the lab", async (t) => {
  t.match(compare(times(100, 60), times(100, 20)), { passed: true });
  t.match(compare(times(100, 80), times(100, 20)), { passed: false });
});

t.test("a lab without a time is not compared", async (t) => {
  t.equal(compare(times(100, 1000), { calibrationMs: 100, labs: {} }), undefined);
  t.equal(compare(times(100, 1000), times(0, 1000)), undefined);
});

t.test("only what was saved can be compared with", async (t) => {
  t.strictSame(parseTimes(JSON.stringify(times(1, 2))), times(1, 2));
  for (const text of [
    "",
    "null",
    "[]",
    "7",
    '{"labs":{}}',
    '{"calibrationMs":1,"labs":{"a":"1"}}',
    '{"calibrationMs":-1,"labs":{}}',
  ]) {
    t.equal(parseTimes(text), undefined, text);
  }
});
