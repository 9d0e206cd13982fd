import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import t from "tap";
import { claimDirectory, mayHaveContainers, readRecord, writeRecord } from "../../src/lab/lab-directory.ts";
import { shippedPlan } from "../support/lab-status.ts";
import { FakeMachine } from "./fake-machine.ts";

const pair = shippedPlan("seed-pair");

t.test("a directory that cannot be made is an error with its reason", async (t) => {
  const directories = { run: "/dev/null/fe80", netns: "/run/netns" };
  await t.rejects(claimDirectory("lab", directories), {
    code: "DIRECTORY_UNWRITABLE",
    message: /^the lab's directory cannot be written: ENOTDIR/,
    hint: /room/,
  });
});

t.test("a record that cannot be written is an error with its reason", async (t) => {
  const { environment } = new FakeMachine();
  await t.rejects(writeRecord(pair, environment), { code: "DIRECTORY_UNWRITABLE", message: /ENOENT/ });
});

t.test("what was written is what is read, for every lab that ships", async (t) => {
  const { environment } = new FakeMachine();
  for (const file of readdirSync("topologies")) {
    const plan = shippedPlan(basename(file, ".yaml"));
    await claimDirectory(plan.lab, environment.directories);
    await writeRecord(plan, { ...environment, from: { plan: pair, spread: {} } });
    const record = await readRecord(plan.lab, environment);
    t.strictSame(record.plan, plan, file);
    t.strictSame(record.from?.plan, pair);
  }
});

t.test("a record says whether containers may be left of the lab, or nobody knows", async (t) => {
  const { environment } = new FakeMachine();
  const [bare, contained] = [pair, shippedPlan("mixed")];
  t.equal(await mayHaveContainers(bare.lab, environment), true, "there is no record");
  await claimDirectory(bare.lab, environment.directories);
  await writeRecord(bare, environment);
  t.equal(await mayHaveContainers(bare.lab, environment), false);
  await writeRecord(bare, { ...environment, from: { plan: contained, spread: {} } });
  t.equal(await mayHaveContainers(bare.lab, environment), "surely", "it had some before");
  const path = join(environment.directories.run, bare.lab, "plan.json");
  writeFileSync(path, readFileSync(path).subarray(0, 9));
  t.equal(await mayHaveContainers(bare.lab, environment), true, "it cannot be read");
});
