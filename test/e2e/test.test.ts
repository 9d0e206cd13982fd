import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { listNetns } from "../../src/linux/netns.ts";
import { fe80, file, nothing, start, topology, traces, until } from "./command.ts";

t.test("several labs are tested at once, each told of in TAP, and nothing is left", async (t) => {
  const names = ["e2e-many-1", "e2e-many-2", "e2e-many-3"];
  const before = names.map(traces);
  const files = names.map((name) => topology(t, "seed-pair", name));
  const { exit, stdout, stderr } = await fe80("test", ...files, "--jobs", "3", "--reporter", "tap");
  t.equal(exit, 0, stderr);
  for (const name of names) t.match(stdout, new RegExp(`^ok \\d - ${name} `, "m"));
  t.strictSame(names.map(traces), before.map(nothing));
});

const keyless = (name: string) =>
  `name: ${name}\nrouters:\n  r1: { md5: swordfish }\n  r2:\nlinks: [r1 -- r2]\nexpect: { within: 1s }\n`;

t.test("a lab that fails leaves artifacts, and is kept if that is wanted", async (t) => {
  const lab = "e2e-failing";
  const before = traces(lab);
  t.teardown(() => fe80("down", lab, "--quiet"));
  const out = t.testdir();
  const path = file(t, keyless(lab));
  const { exit, stdout } = await fe80("test", path, "--keep", "--artifacts", out);
  t.equal(exit, 1);
  t.match(stdout, `artifacts: ${join(out, lab)}`);
  t.match(stdout, `${lab} is still up: fe80 inspect ${lab} shows it`);
  t.ok(listNetns().includes(`fe80.${lab}.r1`));
  t.match(readFileSync(join(out, lab, "log.txt"), "utf8"), /^r1 .*starting peer state machine/m);
  t.equal(JSON.parse(readFileSync(join(out, lab, "sessions.json"), "utf8")).length, 2);
  for (const name of readdirSync(join(out, lab))) {
    t.notMatch(readFileSync(join(out, lab, name), "utf8"), "swordfish", name);
  }
  t.equal((await fe80("down", lab)).exit, 0);
  t.strictSame(traces(lab), nothing(before));
});

t.test("Ctrl-C takes down all labs that are up", async (t) => {
  const names = ["e2e-cut-1", "e2e-cut-2"];
  const before = names.map(traces);
  for (const name of names) t.teardown(() => fe80("down", name, "--quiet"));
  const files = names.map((name) => file(t, keyless(name).replace("1s", "1m"), `${name}.yaml`));
  const test = start("test", "--jobs", "2", ...files);
  await until(() => names.every((name) => traces(name).processes.length > 0));
  test.kill("SIGINT");
  const { exit, stdout, stderr } = await test.ended;
  t.equal(exit, 130, stderr);
  t.match(stdout, /^0 of 2 labs passed, 2 interrupted, in /m);
  t.strictSame(names.map(traces), before.map(nothing));
});

t.test("timeline shows a real lab's way up, in order", async (t) => {
  const lab = "e2e-timeline";
  t.equal((await fe80("up", "-q", topology(t, "seed-pair", lab))).exit, 0);
  const { exit, stdout, stderr } = await fe80("timeline", lab, "-f", "json");
  t.equal(exit, 0, stderr);
  const { plumbing, tcp, open, established, firstRoute, lastRoute } = JSON.parse(stdout).all;
  const times = [0, plumbing, tcp, open, established, firstRoute, lastRoute];
  t.strictSame(
    times,
    times.toSorted((a, b) => a - b),
  );
  t.ok(
    times.slice(1).every((time) => time > 0),
    stdout,
  );
});
