import t from "tap";
import { claimDirectory, writeRecord } from "../../src/lab/lab-directory.ts";
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
