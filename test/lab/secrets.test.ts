import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { describePlan } from "../../src/lab/dry-run.ts";
import { claimDirectory, readRecord, writeRecord } from "../../src/lab/lab-directory.ts";
import { readPlan } from "../../src/lab/topology-file.ts";
import { FakeMachine } from "./fake-machine.ts";

const text = "name: guarded\ndefaults: { md5: swordfish }\nrouters: [r1, r2]\nlinks: [r1 -- r2]\n";

function labFile({ directory }: FakeMachine): string {
  const file = join(directory, "guarded.yaml");
  writeFileSync(file, text);
  return file;
}

t.test("a dry run shows no key", async (t) => {
  const machine = new FakeMachine();
  const file = labFile(machine);
  for (const format of ["table", "json"] as const) {
    const lines = await describePlan(file, { format }, machine.environment);
    t.notMatch(lines.join("\n"), /swordfish/, format);
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
