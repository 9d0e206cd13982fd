import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { findKeeper } from "../../src/runtime/rootless/keeper.ts";
import { fe80, nothing, topology, traces, until, withoutTap } from "./command.ts";

// As `nobody`, who may do nothing that root may.

const uid = 65_534;
const asNobody = [
  "--reuid",
  `${uid}`,
  "--regid",
  `${uid}`,
  "--clear-groups",
  "--inh-caps=-all",
  ...withoutTap,
];
const program = `${process.cwd()}/fe80`;

/** A directory that nobody may read. */
function open(t: Test): string {
  const directory = mkdtempSync(join(tmpdir(), "fe80-e2e-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  chmodSync(directory, 0o755);
  return directory;
}

/** A shipped topology under another name, taken down when the test ends. */
function lab(t: Test, shipped: string, name: string): string {
  t.teardown(() => rootless("down", name, "-q"));
  const path = join(open(t), "lab.yaml");
  writeFileSync(
    path,
    readFileSync(`topologies/${shipped}.yaml`, "utf8").replace(/^name: .*$/m, `name: ${name}`),
  );
  return path;
}

/** Runs fe80 from another directory. */
function rootless(...args: string[]) {
  const options = { encoding: "utf8", cwd: "/" } as const;
  const { status, stdout, stderr } = spawnSync("setpriv", [...asNobody, program, ...args], options);
  return { exit: status, stdout, stderr };
}

/** The arguments of each, by pid; the dead, whom somebody else is to reap, have none. */
function processesOfNobody(): Map<string, string> {
  const pids = readdirSync("/proc").filter((pid) => {
    return /^\d+$/.test(pid) && statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid === uid;
  });
  const processes = pids.map((pid) => [pid, argumentsOf(pid)] as const);
  return new Map(processes.filter(([, args]) => args !== ""));
}

function argumentsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return ""; // it has just ended
  }
}

t.test("an ordinary user has labs, with all commands, and in the end no trace", async (t) => {
  const name = "e2e-rootless";
  const path = lab(t, "guarded", name);
  const before = traces(name);
  const up = rootless("up", path);
  t.equal(up.exit, 0, up.stderr);
  t.match(up.stdout, new RegExp(`^${name} converged in`, "m"));
  t.strictSame({ ...traces(name), processes: [] }, nothing(before), "none of it but processes can be seen");
  t.notMatch((await fe80("ls")).stdout, name);

  t.match(rootless("ls").stdout, new RegExp(`^${name} +3 +0$`, "m"));
  t.match(JSON.parse(rootless("inspect", name, "-f", "json").stdout), { converged: true });
  t.equal(rootless("exec", name, "r1", "--", "sh", "-c", "exit 7").exit, 7);
  t.equal(rootless("exec", name, "r1", "--", "pwd").stdout, "/\n");
  t.equal(rootless("exec", name, "r1", "--", "ping", "-c1", "10.0.3.1").exit, 0);
  t.match(rootless("logs", name, "r1").stdout, /-> established/);
  t.match(rootless("why", name, "r1:eth0").stdout, /^nothing is wrong with it$/m);
  t.match(rootless("timeline", name).stdout, /^e2e-rootless: .*sessions/m);
  const printing = spawn("setpriv", [...asNobody, program, "capture", name, "r1:eth0", "tcp"]);
  const [line] = await once(printing.stdout, "data");
  t.match(`${line}`, /^[\d:.]+ IP6 fe80::[12]\.\w+ > fe80::/);
  printing.kill("SIGINT");
  t.strictSame(await once(printing, "close"), [0, null]);
  t.equal(rootless("link", "flap", name, "r1:eth0", "--for", "20ms").exit, 0);
  writeFileSync(path, readFileSync(path, "utf8").replace("10.0.3.0/24", "10.0.4.0/24"));
  const changed = rootless("up", path);
  t.match(changed.stderr, new RegExp(`^${name}: 1 router changed$`, "m"));
  t.equal(changed.exit, 0, changed.stderr);
  t.match(rootless("capture", name, "r1", "--bgp", "-w", "x").stderr, /^error: --bgp takes neither/);
  const packets = join(tmpdir(), `${name}.pcapng`);
  const recording = spawn("setpriv", [
    ...asNobody,
    program,
    "capture",
    name,
    "r1:eth0",
    "-w",
    packets,
    "tcp",
  ]);
  await until(() => (statSync(packets, { throwIfNoEntry: false })?.size ?? 0) > 200);
  recording.kill("SIGINT");
  t.strictSame(await once(recording, "exit"), [0, null], "Ctrl-C finds its way in");
  rmSync(packets);
  t.match(rootless("inspect", "no-lab").stderr, /^error: the lab no-lab is not running/);

  t.equal((await fe80("down", name)).stdout, `${name} is not running\n`, "nor may root take it for its own");
  t.equal(JSON.parse(rootless("inspect", name, "-f", "json").stdout).routers.length, 3);
  t.equal(rootless("link", "blackhole", name, "r1:eth0").exit, 0);
  t.match(rootless("why", name, "r1:eth0").stdout, /FAIL +blackhole +all that r1:eth0 receives/);
  t.equal(rootless("down", name).exit, 0);
  await until(() => processesOfNobody().size === 0);
  t.strictSame(traces(name), nothing(before));
});

t.test("an ordinary user's labs have hosts, links of a rate and policies too", async (t) => {
  const name = "e2e-rootless-host";
  const path = lab(t, "seed-pair", name);
  const text = (med: number) => `
name: ${name}
routers:
  r1: { redistribute: [connected] }
  r2: { originate: [10.2.0.0/24], export: [{ set: { med: ${med} } }] }
  h1: { kind: host, addresses: [10.1.0.10/24] }
links: [{ link: r1 -- r2, rate: 100mbit }, h1 -- r1]
`;
  writeFileSync(path, text(5));
  const up = rootless("up", path, "-q");
  t.equal(up.exit, 0, up.stderr);
  const reaches = () => rootless("exec", name, "h1", "--", "ping", "-c1", "-W2", "10.2.0.1").exit === 0;
  t.ok(reaches());
  t.equal(rootless("link", "flap", name, "h1:eth0", "--for", "20ms").exit, 0);
  t.ok(reaches(), "with its way out again");
  writeFileSync(path, text(7));
  t.equal(rootless("policy", "apply", path).stdout, "r2 has other policies: readvertise\n");
  t.equal(rootless("down", name).exit, 0);
});

t.test("labs of the same name of two users do not meet", async (t) => {
  const name = "e2e-twice";
  t.equal((await fe80("up", topology(t, "seed-pair", name), "-q")).exit, 0);
  t.equal(rootless("up", lab(t, "seed-pair", name), "-q").exit, 0);
  t.equal(rootless("down", name).exit, 0);
  t.match(JSON.parse((await fe80("inspect", name, "-f", "json")).stdout), { converged: true });
});

t.test("Ctrl-C, and SIGTERM to the command alone, undo what an ordinary user's up has made", async (t) => {
  const name = "e2e-rootless-int";
  const path = lab(t, "clos-2x4", name);
  for (const [signal, exit] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    const up = spawn("setpriv", [...asNobody, program, "up", path], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    await once(up.stderr, "data"); // all is made, and it waits for convergence
    up.kill(signal);
    const [code] = await once(up, "close");
    // Whoever is quick has converged before.
    t.ok([exit, 0].includes(code), `${code}`);
    if (code === 0) t.equal(rootless("down", name).exit, 0);
    await until(() => processesOfNobody().size === 0);
  }
});

t.test("the dead that nobody has reaped yet keep no namespaces", async (t) => {
  const name = "e2e-rootless-dead";
  t.equal(rootless("up", lab(t, "seed-pair", name), "-q").exit, 0);
  const keeper = findKeeper();
  if (!keeper) throw new Error("there is no keeper");
  process.kill(keeper.pid, "SIGSTOP");
  t.equal(rootless("down", name).exit, 0);
  await until(() => processesOfNobody().size === 0);
});

t.test("what a command has left behind keeps no namespaces", async (t) => {
  const name = "e2e-rootless-left";
  const directory = open(t);
  const fake = join(directory, "setpriv");
  writeFileSync(fake, '#!/bin/sh\nsleep 600 >&- 2>&- &\nexec /usr/bin/setpriv "$@"\n');
  chmodSync(fake, 0o755);
  const path = `PATH=${directory}:${process.env["PATH"]}`;
  const up = spawnSync("setpriv", [...asNobody, "env", path, program, "up", lab(t, "seed-pair", name), "-q"]);
  t.equal(up.status, 0, `${up.stderr}`);
  t.ok([...processesOfNobody().values()].includes("sleep 600 "));
  t.equal(rootless("down", name).exit, 0);
  await until(() => processesOfNobody().size === 0);
});

t.test("where namespaces are forbidden, one message says so", async (t) => {
  const directory = open(t);
  const fake = join(directory, "unshare");
  writeFileSync(fake, '#!/bin/sh\necho "unshare: unshare failed: Operation not permitted" >&2\nexit 1\n');
  chmodSync(fake, 0o755);
  const options = { encoding: "utf8", env: { PATH: `${directory}:${process.env["PATH"]}` } } as const;
  const { status, stderr } = spawnSync("setpriv", [...asNobody, program, "ls"], options);
  t.equal(status, 1);
  t.match(stderr, /^error: an ordinary user cannot have namespaces here: .*\nhint: .*sudo\n$/);
  const check = spawnSync("setpriv", [...asNobody, program, "check", "topologies/seed-pair.yaml"], options);
  t.equal(check.status, 0, "what needs none works");
  const plan = spawnSync("setpriv", [...asNobody, program, "plan", "topologies/seed-pair.yaml"], options);
  t.equal(plan.status, 0, plan.stderr);
});
