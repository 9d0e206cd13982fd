import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { createNetns, deleteNetns } from "../src/linux/netns.ts";
import type { Plan } from "../src/plan/plan.ts";
import { createNetnsRuntime } from "../src/runtime/netns/netns-runtime.ts";
import { systemClock } from "../src/std/clock.ts";
import { ipBatch, mininet, type Times } from "./netns-peers.ts";
import { make, prepare, remove } from "./netns-raw.ts";
import { clos, planOf, ring } from "./netns-shapes.ts";
import { median } from "./statistics.ts";

/**
 * How long namespaces, links and addresses take to make and to remove: by the runtime, beside the floor (system calls on
 * prepared octets, in one loop), `ip -batch` and mininet, all in the same run, taking turns.
 *
 *     node bench/netns.ts [RUNS] [WHO…]      as root; medians of 5 runs of all unless given
 *
 * In time, and for what this process does itself in CPU time, its own and the kernel's for it: that says the same on a busy machine.
 *
 * Removing is done when all names are gone; the kernel goes on in the background, and is waited for between two measurements.
 */

const runs = Number(process.argv[2] ?? 5);
const only = process.argv.slice(3);
const shapes = [ring(100), clos(16, 64), ring(1000)];
const runtime = createNetnsRuntime({ clock: systemClock, path: "", runDirectory: "/run/fe80" });
const { signal } = new AbortController();

type Contender = (plan: Plan) => Promise<Costs | undefined>;

/** In milliseconds. */
interface Costs extends Times {
  /** CPU time, where it is this process's. */
  readonly makeCpu?: number;
  readonly removeCpu?: number;
}

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** What it costs to make something and to remove it again. */
async function costs(make: () => unknown, remove: () => unknown): Promise<Costs> {
  const marks = [[performance.now(), cpuMs()]];
  for (const work of [make, remove]) {
    await work();
    marks.push([performance.now(), cpuMs()]);
  }
  const spent = (step: number, what: number) => (marks[step + 1]?.[what] ?? 0) - (marks[step]?.[what] ?? 0);
  return { make: spent(0, 0), makeCpu: spent(0, 1), remove: spent(1, 0), removeCpu: spent(1, 1) };
}

const contenders: Record<string, Contender> = {
  "the floor": (plan) => {
    const prepared = prepare(plan);
    return costs(
      () => make(prepared),
      () => remove(prepared),
    );
  },
  fe80: (plan) =>
    costs(
      () => runtime.plumb(plan, { signal }),
      async () => {
        for await (const _ of runtime.remove(plan.lab));
      },
    ),
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

const columns = ["make", "makeCpu", "remove", "removeCpu"] as const;
const titles = ["make", "make, CPU", "remove", "remove, CPU"];

const cell = (ms: number, base: number) =>
  Number.isNaN(ms)
    ? "-".padStart(18)
    : `${ms.toFixed(0).padStart(8)} ms ${(ms / base).toFixed(2).padStart(6)}`;

// So that the directory of names is a mount already, whoever comes first.
createNetns("fe80bench.first");
deleteNetns("fe80bench.first");

process.stdout.write(`medians of ${runs} runs; ratio to the floor\n\n`);
for (const shape of shapes) {
  const found = new Map<string, Costs[]>();
  for (let run = 0; run < runs; run++) {
    for (const [name, contender] of Object.entries(contenders)) {
      if (only.length > 0 && !only.includes(name)) continue;
      const result = await contender(planOf(shape, "bench"));
      await quiet();
      if (result) found.set(name, [...(found.get(name) ?? []), result]);
    }
  }
  process.stdout.write(`${shape.name.padEnd(20)} ${titles.map((title) => title.padStart(18)).join(" ")}\n`);
  const of = (name: string, what: keyof Costs) =>
    median((found.get(name) ?? []).map((each) => each[what] ?? Number.NaN));
  for (const name of found.keys()) {
    const cells = columns.map((what) => cell(of(name, what), of("the floor", what)));
    process.stdout.write(`  ${name.padEnd(18)} ${cells.join(" ")}\n`);
  }
  process.stdout.write("\n");
}
