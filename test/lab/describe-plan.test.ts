import { readdirSync } from "node:fs";
import t from "tap";
import type { Daemon } from "../../src/kinds/kind.ts";
import { describePlan } from "../../src/lab/describe-plan.ts";
import { readPlan } from "../../src/lab/topology-file.ts";
import { up } from "../../src/lab/up.ts";
import { planLines } from "../../src/report/plan-lines.ts";
import { matchesGolden } from "../support/golden.ts";
import { FakeMachine } from "./fake-machine.ts";

/** A machine that is the same everywhere. */
const machine = {
  directories: { run: "/run/fe80", netns: "/run/netns" },
  speaker: { node: "/usr/bin/node", program: "/usr/lib/fe80/fe80-speaker.js" },
  processes: 2,
};

const describe = async (name: string) =>
  describePlan(await readPlan(`topologies/${name}.yaml`, machine.directories), machine);

/** `GOLDEN=write node test/lab/describe-plan.test.ts` writes them anew. */
for (const file of readdirSync("topologies").filter((name) => name.endsWith(".yaml"))) {
  const name = file.replace(/\.yaml$/, "");

  t.test(`the plan of ${name} is the same to the byte, each time`, async (t) => {
    const lines = async () => `${planLines(await describe(name), { format: "table" }).join("\n")}\n`;
    matchesGolden(t, `plan/${name}.txt`, await lines());
    t.equal(await lines(), await lines());
  });
}

t.test("a plan has the whole text of each file and each input", async (t) => {
  const lines = planLines(await describe("pair-with-bird"), { format: "yaml" });
  matchesGolden(t, "plan/pair-with-bird.yaml", `${lines.join("\n")}\n`);
});

t.test("up starts exactly what the plan says", async (t) => {
  const machine = new FakeMachine();
  machine.programs.add("bird");
  const started: Daemon[] = [];
  const start = machine.start.bind(machine);
  machine.start = (lab, daemon) => {
    started.push(daemon);
    return start(lab, daemon);
  };
  const { environment } = machine;
  const plan = await readPlan("topologies/pair-with-bird.yaml", environment.directories);
  const { signal } = new AbortController();
  const flags = { ifRunning: "refuse", isolate: false } as const;
  const options = { ...flags, until: "converged", timeoutMs: 1, progress: () => {}, signal } as const;
  await up(plan, options, environment).catch(() => {});
  t.strictSame(
    started.map(({ probe, orders, ...daemon }) => daemon),
    describePlan(plan, environment).processes,
  );
  t.equal(started.length, 2);
});
