import t from "tap";
import type { SessionConfig, Timers } from "../../src/bgp/config/config.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { run } from "../../src/simulation/run.ts";
import { shippedPlan } from "../support/lab-status.ts";

/** What a session may be told to do otherwise, at both ends or at one. */
interface Change {
  readonly session?: Partial<SessionConfig>;
  readonly timers?: Partial<Timers>;
}

const pair = shippedPlan("seed-pair");
const RUNS = 60;

function changed([first, second]: readonly [Change, Change]): Plan {
  const nodes = pair.nodes.map((node, index) => {
    const { session, timers } = index === 0 ? first : second;
    const sessions = node.router.sessions.map((config) => ({
      ...config,
      ...session,
      timers: { ...config.timers, ...timers },
    }));
    return { ...node, router: { ...node.router, sessions } };
  });
  return { ...pair, nodes };
}

const delay: Change = { timers: { delayOpenTime: 1 } };
const detect: Change = { session: { collisionDetectEstablished: true } };
const damp: Change = { session: { dampPeerOscillations: true }, timers: { idleHoldTime: 1 } };
const usual: Change = {};

const cases: readonly (readonly [name: string, ...ends: readonly [Change, Change]])[] = [
  ["a delayed OPEN at both ends", delay, delay],
  ["a delayed OPEN at the end with the lower identifier", delay, usual],
  ["a delayed OPEN at the end with the higher identifier", usual, delay],
  ["collision detection in Established at both ends", detect, detect],
  ["collision detection in Established at one end", usual, detect],
  ["both together, each at one end", delay, detect],
  ["an end that only accepts", { session: { passive: true } }, usual],
  ["an idle hold time", { timers: { idleHoldTime: 2 } }, { timers: { idleHoldTime: 2 } }],
  ["damped oscillations", damp, damp],
  ["different hold times", { timers: { holdTime: 3, keepaliveTime: 1 } }, usual],
  ["no hold time", { timers: { holdTime: 0, keepaliveTime: 0 } }, usual],
];

for (const [name, ...ends] of cases) {
  t.test(`the pair converges in any weather with ${name}`, async (t) => {
    const plan = changed(ends);
    for (let seed = 1; seed <= RUNS; seed++) {
      const { problems } = run(plan, { seed });
      if (problems.length > 0) t.strictSame(problems, [], `seed ${seed}`);
    }
    t.pass(`${RUNS} runs`);
  });
}
