import { readFileSync } from "node:fs";
import t from "tap";
import { chaosSteps } from "../../src/plan/chaos.ts";
import { harm, unharmed } from "../../src/plan/damage.ts";
import type { StepAction } from "../../src/topology/action.ts";
import { formatStep } from "../../src/topology/format-step.ts";
import type { Step } from "../../src/topology/step.ts";
import type { Topology } from "../../src/topology/topology.ts";
import { topologyOf } from "../topology/parsing.ts";

const clos = readFileSync("topologies/clos-2x4.yaml", "utf8");
const lan = "name: lan\nrouters: [r1, r2, r3]\nlinks: [[r1, r2, r3]]\n";
const alone = "name: alone\nrouters: [r1]\n";

function chaos(
  text: string,
  { faults, seed }: { faults: number; seed: number },
): { topology: Topology; steps: Step[] } {
  const topology = topologyOf(
    `${text}\nsteps: [{ chaos: { faults: ${faults}, seed: ${seed} }, within: 20s }]`,
  );
  const [step] = topology.steps;
  if (step?.work.type !== "chaos") throw new Error("there is no chaos");
  return { topology, steps: chaosSteps(topology, { ...step, work: step.work }) };
}

const actionsOf = ({ work }: Step): readonly StepAction[] => (work.type === "actions" ? work.actions : []);

t.test("the same seed gives the same steps, another one others", async (t) => {
  const first = chaos(clos, { faults: 20, seed: 7 }).steps;
  t.strictSame(chaos(clos, { faults: 20, seed: 7 }).steps, first);
  t.notSame(chaos(clos, { faults: 20, seed: 8 }).steps, first);
  t.equal(first.length, 40);
});

t.test("every sort of fault is chosen some time, and two at once", async (t) => {
  const { steps } = chaos(clos, { faults: 200, seed: 1 });
  const sorts = new Set(steps.flatMap(actionsOf).map(({ type }) => type));
  t.strictSame([...sorts].sort(), [
    "announce",
    "blackhole",
    "heal",
    "kill",
    "link-down",
    "link-flap",
    "pause",
    "reset",
    "restart",
    "stop",
    "withdraw",
  ]);
  t.ok(
    steps.some(
      (step) => new Set(actionsOf(step).map(({ type }) => type)).size > 1 && !step.name.includes("heal"),
    ),
  );
});

t.test("what a fault does is healed by the next step", async (t) => {
  for (const text of [clos, lan, alone]) {
    const { topology, steps } = chaos(text, { faults: 50, seed: 3 });
    let damage = unharmed(topology);
    for (const [index, step] of steps.entries()) {
      damage = harm(damage, actionsOf(step)).damage;
      if (index % 2 === 0) continue;
      t.match({ ...damage, topology: null }, { ...unharmed(topology), topology: null }, step.name);
      const prefixes = ({ routers }: Topology) => routers.map(({ originate }) => originate.toSorted());
      t.strictSame(prefixes(damage.topology), prefixes(topology), step.name);
    }
  }
});

t.test("the steps can be put into a file", async (t) => {
  for (const text of [clos, lan]) {
    const { steps } = chaos(text, { faults: 50, seed: 5 });
    const again = topologyOf(
      `${text}\nsteps:\n${steps.map((step) => `  ${formatStep(step)}\n`).join("")}`,
    ).steps;
    t.strictSame(
      again.map(({ name }) => name),
      steps.map(({ name }) => name),
    );
    t.strictSame(again.map(actionsOf), steps.map(actionsOf));
    t.strictSame(
      again.map(({ limits }) => limits),
      steps.map(({ limits }) => limits),
    );
  }
});

t.test("no partition parts the routers of a shared link", async (t) => {
  const { steps } = chaos(lan, { faults: 200, seed: 2 });
  for (const step of steps)
    t.ok(actionsOf(step).filter(({ type }) => type === "blackhole").length <= 2, step.name);
});
