import t from "tap";
import { simulateLab } from "../../src/lab/simulate.ts";
import { systemClock } from "../../src/std/clock.ts";
import { EagerClock } from "../support/eager-clock.ts";
import { planOf, shippedPlan } from "../support/lab-status.ts";

const pair = shippedPlan("seed-pair");
const options = { runs: 3, seed: 1, trace: false, signal: new AbortController().signal };

t.test("a simulation has as many runs as asked for, and a trace only if asked for", async (t) => {
  const simulation = await simulateLab(pair, options, new EagerClock());
  t.match(simulation, { name: "seed-pair", seed: 1, runs: 3, failures: [], trace: null });
  t.equal(
    (await simulateLab(pair, { ...options, trace: true }, new EagerClock())).trace,
    null,
    "no run failed",
  );
});

t.test("without a seed, every simulation has its own", async (t) => {
  const at = (wallTime: number) => ({ ...systemClock, wallTime: () => wallTime });
  const seeds = [];
  for (const wallTime of [1000, 1001]) {
    seeds.push((await simulateLab(pair, { ...options, seed: undefined }, at(wallTime))).seed);
  }
  const [first = 0, second = 0] = seeds;
  t.ok(Math.abs(first - second) > 1000, `${first} and ${second}`);
});

t.test("the only run is traced whatever came out, from the first line to the last", async (t) => {
  const { trace } = await simulateLab(pair, { ...options, runs: 1, seed: 4, trace: true }, new EagerClock());
  t.equal(trace?.seed, 4);
  const texts = trace?.lines.map(({ router, text }) => `${router} ${text}`) ?? [];
  t.equal(texts[0], "r1 spawning session for peer_eth0");
  t.ok(texts.includes("r2 fsm transition session setup -> established"));
  t.ok(texts.includes("null the weather is good from now on"));
});

t.test("a simulation that is interrupted tells of the runs until then", async (t) => {
  const controller = new AbortController();
  const clock = { ...systemClock, now: () => performance.now() * 1000 };
  const after: typeof systemClock.after = (ms, task) => {
    controller.abort(new Error("enough"));
    return systemClock.after(ms, task);
  };
  const endless = { ...options, runs: 1_000_000, signal: controller.signal };
  const { runs, runsPerMinute } = await simulateLab(pair, endless, { ...clock, after });
  t.ok(runs >= 1 && runs < 1000, `${runs} runs`);
  t.ok(runsPerMinute > 0);
});

t.test("of many runs the first that failed is traced", async (t) => {
  // Nothing converges in two milliseconds.
  const hasty = planOf(`
name: hasty
routers: [r1, r2]
links: [r1 -- r2]
defaults: { timers: { hold: 0, keepalive: 0 } }
expect: { within: 2ms, settle: 1ms }
`);
  const { failures, trace } = await simulateLab(
    hasty,
    { ...options, runs: 30, trace: true },
    new EagerClock(),
  );
  t.ok(failures.length > 0);
  t.equal(trace?.seed, failures[0]?.seed);
  t.match(failures[0]?.problems[0], /^r\d:eth0 with r\d:eth0 is /);
});
