import { rmSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { watchLab } from "../../../src/runtime/netns/lab-watch.ts";
import { EagerClock } from "../../support/eager-clock.ts";

/** Watches files that stand for a lab. @returns what ends once it is gone */
function watched(t: Test) {
  const root = t.testdir({ lab: {}, r1: "", r2: "" });
  const directory = join(root, "lab");
  const netns = ["r1", "r2"].map((name) => join(root, name));
  const clock = new EagerClock();
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  const watch = watchLab({ directory, netns: () => netns }, clock, resolve);
  t.teardown(() => watch[Symbol.dispose]());
  return { directory, netns, gone, clock, watch };
}

/** Lets the clock run for a minute. */
async function minute({ clock, gone }: ReturnType<typeof watched>): Promise<"gone" | "there"> {
  const over = new Promise<"there">((resolve) => clock.after(60_000, () => resolve("there")));
  return await Promise.race([gone.then(() => "gone" as const), over]);
}

t.test("a lab is there as long as its directory and any of its namespaces are", async (t) => {
  const lab = watched(t);
  t.equal(await minute(lab), "there");
  rmSync(lab.netns[0] ?? "");
  t.equal(await minute(lab), "there");
  rmSync(lab.netns[1] ?? "");
  t.equal(await minute(lab), "gone");
});

t.test("a lab is gone with its directory", async (t) => {
  const lab = watched(t);
  rmSync(lab.directory, { recursive: true });
  t.equal(await minute(lab), "gone");
});

t.test("whoever does not ask any more is not told", async (t) => {
  const lab = watched(t);
  lab.watch[Symbol.dispose]();
  for (const path of lab.netns) rmSync(path);
  t.equal(await minute(lab), "there");
});
