import t from "tap";
import { fe80, nothing, topology, traces, until } from "./command.ts";

const report = async (lab: string) => JSON.parse((await fe80("inspect", lab, "-f", "json")).stdout);

t.test("a link that goes down takes its session, and brings it back", async (t) => {
  const lab = "e2e-link";
  t.equal((await fe80("up", topology(t, "pair-with-bird", lab), "-q")).exit, 0);
  for (const router of ["r1", "r2"]) {
    t.equal((await fe80("link", "down", lab, `${router}:eth0`)).stdout, `${router}:eth0 is down\n`);
    await until(async () => !(await report(lab)).converged);
    t.equal((await fe80("link", "up", lab, `${router}:eth0`)).exit, 0);
    await until(async () => (await report(lab)).converged);
  }
  t.equal((await fe80("link", "flap", lab, "r1:eth0", "--for", "100ms")).exit, 0);
  await until(async () => (await report(lab)).converged);
  t.match(
    (await fe80("link", "down", lab, "r1:eth7")).stderr,
    /r1 has no interface eth7\nhint: it has r1:eth0/,
  );
});

t.test("routers with processes of their own are stopped and started", async (t) => {
  const lab = "e2e-isolated";
  const path = topology(t, "pair-with-bird", lab);
  const before = traces(lab);
  t.equal((await fe80("up", "--isolate", path, "-q")).exit, 0);
  for (const router of ["r1", "r2"]) {
    t.equal((await fe80("stop", lab, router)).stdout, `${router} has stopped\n`);
    t.equal((await fe80("stop", lab, router)).stdout, `${router} was not running\n`);
    t.match((await fe80("inspect", lab)).stdout, new RegExp(`(?:^|: )${router} does not answer`, "m"));
    t.equal((await fe80("start", lab, router)).stdout, `${router} has started\n`);
    await until(async () => (await report(lab)).converged);
    t.equal((await fe80("start", lab, router)).stdout, `${router} is running already\n`);
  }
  t.equal((await fe80("restart", lab, "r1")).stdout, "r1 has restarted\n");
  await until(async () => (await report(lab)).converged);
  t.equal((await fe80("up", "--reconfigure", path, "-q")).exit, 0, "which takes it down first");
  t.equal((await fe80("down", lab)).exit, 0);
  t.strictSame(traces(lab), nothing(before));
});

t.test("routers that share a process are not stopped", async (t) => {
  const lab = "e2e-shared";
  t.equal((await fe80("up", topology(t, "chain-3", lab), "-q")).exit, 0);
  const { exit, stderr } = await fe80("restart", lab, "r2");
  t.equal(exit, 1);
  t.match(stderr, /^error: r2 has no process of its own: speaker-1 runs r1, r3 too\nhint: fe80 up --isolate/);
});
