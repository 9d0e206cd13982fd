import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { describePlan } from "../../src/lab/describe-plan.ts";
import { claimDirectory, readRecord, writeRecord } from "../../src/lab/lab-directory.ts";
import { readPlan } from "../../src/lab/topology-file.ts";
import { planLines } from "../../src/report/plan-lines.ts";
import { FakeMachine } from "./fake-machine.ts";

const text =
  "name: guarded\ndefaults: { md5: swordfish }\nrouters: { r1: , r2: { kind: bird } }\nlinks: [r1 -- r2]\n";

function labFile({ directory }: FakeMachine): string {
  const file = join(directory, "guarded.yaml");
  writeFileSync(file, text);
  return file;
}

t.test("a plan that is printed shows no key, nor do the files of its daemons", async (t) => {
  const machine = new FakeMachine();
  const plan = await readPlan(labFile(machine), machine.environment.directories);
  const description = describePlan(plan, machine.environment);
  for (const format of ["table", "json", "yaml"] as const) {
    const text = planLines(description, { format }).join("\n");
    t.match(text, "(secret)", format);
    t.notMatch(text, /swordfish/, format);
  }
});

t.test("a lab's record keeps its keys, for its owner alone", async (t) => {
  const machine = new FakeMachine();
  const { environment } = machine;
  const plan = await readPlan(labFile(machine), environment.directories);
  await claimDirectory(plan.lab, environment.directories);
  await writeRecord(plan, environment);
  const path = join(environment.directories.run, "guarded", "plan.json");
  t.equal(statSync(path).mode & 0o777, 0o600);
  t.strictSame((await readRecord("guarded", environment)).plan, plan);
});
