import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import t from "tap";
import type { Plan } from "../../src/plan/plan.ts";
import type { ProcessReport } from "../../src/report/lab-report.ts";
import { fe80, file, nothing, topology, traces, until } from "./command.ts";

t.test("a lab from up to down, as a user sees it", async (t) => {
  const lab = "e2e-life";
  const before = traces(lab);
  const path = topology(t, "seed-pair", lab);

  const up = await fe80("up", path);
  t.equal(up.exit, 0, up.stderr);
  t.match(up.stdout, /^r1 +eth0 +r2 +64513 +fe80::2 +Established/m);

  const inspected = await fe80("inspect", lab, "-f", "json");
  t.equal(inspected.exit, 0);
  const report = JSON.parse(inspected.stdout);
  t.match(report, { name: lab, converged: true, routers: [{ router: "r1" }, { router: "r2" }] });
  t.match(report.sessions, [
    {
      router: "r1",
      ifname: "eth0",
      state: "Established",
      peerAsn: 64513,
      peerAddress: "fe80::2",
      holdTime: 6,
    },
    {
      router: "r2",
      ifname: "eth0",
      state: "Established",
      peerAsn: 64512,
      peerAddress: "fe80::1",
      holdTime: 6,
    },
  ]);
  t.equal(report.routes.length, 8);
  t.match((await fe80("inspect", lab)).stdout, up.stdout.split("\n\n")[1] ?? t.fail());

  const session = await fe80("inspect", lab, "--session", "r1:eth0", "-f", "json");
  t.match(JSON.parse(session.stdout), {
    state: "Established",
    peerRouter: "r2",
    neighbors: ["fe80::2"],
    counters: { transitionsToEstablished: 1 },
    timers: { hold: { configured: 6, negotiated: 6 } },
    connections: [{ state: "Established" }],
  });
  t.match((await fe80("inspect", lab, "--session", "r1:eth1")).stderr, /has no session r1:eth1\n.*r1:eth0/);

  const listeners = await fe80("exec", lab, "r1", "--", "ss", "-Htnlp");
  t.match(listeners.stdout, /LISTEN.*\[::\]:179.*fe80-speaker/);
  t.equal((await fe80("exec", lab, "r1", "--", "sh", "-c", "exit 7")).exit, 7);
  const addresses = await fe80("exec", lab, "r1", "--", "ip", "-br", "addr", "show", "eth0");
  t.match(addresses.stdout, /^eth0@if100 +UP +fe80::1\/64\s*$/, "nothing but a link-local address");

  const log = await fe80("logs", lab, "r1");
  t.match(log.stdout, /fsm transition session setup -> established/);
  const raw = (await fe80("logs", lab, "r1", "--json")).stdout.trim().split("\n");
  t.ok(raw.map((line) => JSON.parse(line)).every(({ router }) => router === "r1"));

  const again = await fe80("up", path);
  t.equal(again.exit, 0);
  t.equal(again.stderr, `${lab}: nothing to change\n`);
  t.match((await fe80("ls")).stdout, new RegExp(`^${lab} `, "m"));

  const down = await fe80("down", lab);
  t.equal(down.exit, 0, down.stderr);
  t.strictSame(traces(lab), nothing(before));
  const downAgain = await fe80("down", lab);
  t.equal(downAgain.exit, 0, "down is idempotent");
  t.match(downAgain.stdout + downAgain.stderr, /not running/);
});

t.test("every router reaches every address that is originated", async (t) => {
  const lab = "e2e-ping";
  const path = topology(t, "clos-2x4", lab);
  t.equal((await fe80("up", path, "-q")).exit, 0);
  const { plan } = JSON.parse(readFileSync(`/run/fe80/${lab}/plan.json`, "utf8")) as { plan: Plan };
  const owners = plan.nodes.filter(({ name }) => name.startsWith("leaf"));
  t.ok(owners.length >= 4);
  for (const from of owners) {
    for (const to of owners.flatMap(({ loopback }) => loopback)) {
      const ping = await fe80("exec", lab, from.name, "--", "ping", "-c1", "-W2", to);
      t.equal(ping.exit, 0, `${from.name} reaches ${to}`);
    }
  }
});

t.test("two labs at once do not meet", async (t) => {
  const [one, two] = ["e2e-one", "e2e-two"];
  const paths = [topology(t, "seed-pair", one), topology(t, "seed-pair", two)];
  const ups = await Promise.all(paths.map((path) => fe80("up", path, "-q")));
  t.strictSame(
    ups.map(({ exit }) => exit),
    [0, 0],
  );
  t.equal((await fe80("down", one)).exit, 0);
  const left = JSON.parse((await fe80("inspect", two, "-f", "json")).stdout);
  t.match(left, { converged: true, sessions: [{ establishedCount: 1 }, { establishedCount: 1 }] });
});

t.test("the routers of a large lab share as many processes as there are cores to run them", async (t) => {
  const lab = "e2e-large";
  const before = traces(lab);
  t.teardown(() => fe80("down", lab, "-q"));
  const path = file(t, "");
  t.equal((await fe80("generate", "ring", "--routers", "70", "--name", lab, "-o", `${path}.ring`)).exit, 0);
  const up = await fe80("up", `${path}.ring`, "-q");
  t.match(up.stdout, /converged in \d+ ms: 140 of 140 sessions Established, 4900 of 4900 routes/);
  const { stdout } = await fe80("inspect", lab, "--processes", "-f", "json");
  const sizes = (JSON.parse(stdout) as ProcessReport[]).map(({ routers }) => routers);
  t.strictSame(sizes, availableParallelism() > 1 ? [35, 35] : [70]);
  t.equal((await fe80("down", lab, "-q")).exit, 0);
  t.strictSame(traces(lab), nothing(before));
});

t.test("inspect says what is broken, and why", async (t) => {
  const lab = "e2e-broken";
  t.equal((await fe80("up", topology(t, "chain-3", lab), "-q")).exit, 0);
  t.equal((await fe80("exec", lab, "r2", "--", "ip", "link", "set", "eth0", "down")).exit, 0);
  await until(async () => !JSON.parse((await fe80("inspect", lab, "-f", "json")).stdout).converged);
  const { stdout } = await fe80("inspect", lab);
  t.match(stdout, /r1:eth0.*waiting for interface eth0, which has no carrier/);
  t.match(stdout, /r2:eth0.*waiting for interface eth0, which is down/);
  t.match(stdout, /r1 has no route to 10\.0\.3\.0\/24/);
  t.equal((await fe80("exec", lab, "r2", "--", "ip", "link", "set", "eth0", "up")).exit, 0);
  await until(async () => JSON.parse((await fe80("inspect", lab, "-f", "json")).stdout).converged);
});
