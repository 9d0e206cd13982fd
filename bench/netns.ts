import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { createNetns, deleteNetns } from "../src/linux/netns.ts";
import type { Plan } from "../src/plan/plan.ts";
import { createNetnsRuntime } from "../src/runtime/netns/netns-runtime.ts";
import { systemClock } from "../src/std/clock.ts";
import { ipBatch, mininet, type Times, timed } from "./netns-peers.ts";
import { make, prepare, remove } from "./netns-raw.ts";
import { clos, planOf, ring } from "./netns-shapes.ts";

/**
 * How long namespaces, links and addresses take to make and to remove: by the runtime, beside the floor (system calls on
 * prepared octets, in one loop), `ip -batch` and mininet, all in the same run, taking turns.
 *
 *     node bench/netns.ts [RUNS] [WHO…]      as root; medians of 5 runs of all unless given
 *
 * Removing is done when all names are gone; the kernel goes on in the background, and is waited for between two measurements.
 */

const runs = Number(process.argv[2] ?? 5);
const only = process.argv.slice(3);
const shapes = [ring(100), clos(16, 64), ring(1000)];
const runtime = createNetnsRuntime({ clock: systemClock, path: "", runDirectory: "/run/fe80" });
const { signal } = new AbortController();

type Contender = (plan: Plan) => Promise<Times | undefined>;

const contenders: Record<string, Contender> = {
  "the floor": async (plan) => {
    const prepared = prepare(plan);
    return { make: timed(() => make(prepared)), remove: timed(() => remove(prepared)) };
  },
  fe80: async (plan) => {
    const start = performance.now();
    await runtime.plumb(plan, { signal });
    const made = performance.now();
    for await (const _ of runtime.remove(plan.lab));
    return { make: made - start, remove: performance.now() - made };
  },
  "ip -batch": async (plan) => ipBatch(plan),
  // A ring of 1,000 takes it many minutes.
  mininet: async (plan) => (plan.nodes.length < 1000 ? mininet(plan) : undefined),
};

/** How many network namespaces the kernel has, those included that it is still taking apart. */
function namespaces(): number {
  const line = /^net_namespace +(\d+)/m.exec(readFileSync("/proc/slabinfo", "utf8"));
  return Number(line?.[1] ?? 0);
}

/** Lets the kernel finish with what was removed: until the number has not changed for a while. */
async function quiet(): Promise<void> {
  for (let same = 0, last = namespaces(); same < 5; ) {
    await setTimeout(100);
    const now = namespaces();
    same = now === last ? same + 1 : 0;
    last = now;
  }
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const cell = (ms: number, base: number) =>
  Number.isNaN(ms)
    ? "-".padStart(18)
    : `${ms.toFixed(0).padStart(8)} ms ${(ms / base).toFixed(2).padStart(6)}`;

// So that the directory of names is a mount already, whoever comes first.
createNetns("fe80bench.first");
deleteNetns("fe80bench.first");

process.stdout.write(`medians of ${runs} runs; ratio to the floor\n\n`);
for (const shape of shapes) {
  const times = new Map<string, Times[]>();
  for (let run = 0; run < runs; run++) {
    for (const [name, contender] of Object.entries(contenders)) {
      if (only.length > 0 && !only.includes(name)) continue;
      const result = await contender(planOf(shape, "bench"));
      await quiet();
      if (result) times.set(name, [...(times.get(name) ?? []), result]);
    }
  }
  process.stdout.write(`${shape.name.padEnd(20)} ${"make".padStart(18)} ${"remove".padStart(18)}\n`);
  const of = (name: string, what: keyof Times) => median((times.get(name) ?? []).map((each) => each[what]));
  for (const name of Object.keys(contenders)) {
    const [made, removed] = [of(name, "make"), of(name, "remove")];
    const [makeBase, removeBase] = [of("the floor", "make"), of("the floor", "remove")];
    process.stdout.write(`  ${name.padEnd(18)} ${cell(made, makeBase)} ${cell(removed, removeBase)}\n`);
  }
  process.stdout.write("\n");
}
