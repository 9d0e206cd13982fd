import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import t from "tap";
import { deleteNetns } from "../../src/linux/netns.ts";
import { fe80, topology, traces, until, withoutTap } from "./command.ts";
import { asBefore, machine } from "./machine.ts";

/** Runs a script in a mount namespace of its own, with a file system on /run/fe80 that has these options. */
function onSmallDisk(options: string, script: string) {
  const mount = `mount -t tmpfs -o ${options} tmpfs /run/fe80 && { ${script}; }`;
  mkdirSync("/run/fe80", { recursive: true });
  return spawnSync("unshare", ["--mount", "--propagation", "private", "sh", "-c", mount], {
    encoding: "utf8",
  });
}

t.test("on a disk that is full sooner or later, up works or says why not, and nothing is left", async (t) => {
  const lab = "e2e-full";
  const path = topology(t, "pair-with-bird", lab);
  const before = machine(lab);
  const sizes = [4, 8, 16, 24, 32, 48].map((kib) => `size=${kib}k`);
  const inodes = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((count) => `nr_inodes=${count}`);
  const outcomes = new Set<number>();
  for (const options of [...sizes, ...inodes]) {
    const script = `./fe80 up ${path} -q --timeout 5s; echo "exit $?"; ./fe80 down ${lab} -q; echo "exit $?"; ls -A /run/fe80`;
    const { stdout, stderr } = onSmallDisk(options, script);
    const [, up = "", down, left] = /exit (\d+)\n.*exit (\d+)\n(.*)$/s.exec(stdout) ?? [];
    outcomes.add(Number(up));
    t.ok(["0", "1"].includes(up), `${options}: up ends with ${up}: ${stderr}`);
    // BIRD ends when it cannot write, and its own words about that find no room either.
    const reasons = /no space left on device|ENOSPC|does not answer|bird-r2 has ended \(exit code 1\)/i;
    if (up === "1") t.match(stdout + stderr, reasons, options);
    t.notMatch(stderr, /^ {4}at /m, "no stack trace");
    t.equal(down, "0", `${options}: ${stderr}`);
    t.equal(left, "", options);
    t.strictSame(machine(lab), asBefore(before), options);
  }
  t.strictSame([...outcomes].sort(), [0, 1], "some are large enough, some are not");
});

t.test("a namespace deleted by hand is told of, and down takes the rest", async (t) => {
  const lab = "e2e-cut";
  const before = machine(lab);
  t.equal((await fe80("up", topology(t, "chain-3", lab), "-q")).exit, 0);
  deleteNetns(`fe80.${lab}.r2`);
  t.match((await fe80("inspect", lab)).stdout, /r2 does not answer: its namespace fe80\.e2e-cut\.r2 is gone/);
  t.match((await fe80("exec", lab, "r2", "--", "true")).stderr, /has no router r2\nhint: it has r1, r3/);
  t.equal((await fe80("down", lab)).exit, 0);
  t.strictSame(machine(lab), asBefore(before));
});

t.test("a veth deleted by hand is told of, and down takes the rest", async (t) => {
  const lab = "e2e-pulled";
  const before = machine(lab);
  t.equal((await fe80("up", topology(t, "chain-3", lab), "-q")).exit, 0);
  t.equal((await fe80("exec", lab, "r1", "--", "ip", "link", "del", "eth0")).exit, 0);
  await until(async () => (await fe80("inspect", lab)).stdout.includes("r1:eth0 with r2:eth0 is"));
  t.equal((await fe80("down", lab)).exit, 0);
  t.strictSame(machine(lab), asBefore(before));
});

t.test("speakers end on their own when their lab's namespaces, or its directory, are gone", async (t) => {
  const lab = "e2e-orphans";
  const before = machine(lab);
  const path = topology(t, "chain-3", lab);
  for (const end of [
    () => traces(lab).namespaces.forEach(deleteNetns),
    () => rmSync(`/run/fe80/${lab}`, { recursive: true }),
  ]) {
    t.equal((await fe80("up", path, "-q")).exit, 0);
    t.equal(traces(lab).processes.length, 1);
    end();
    await until(() => traces(lab).processes.length === 0);
    t.equal((await fe80("down", lab)).exit, 0);
    t.strictSame(machine(lab), asBefore(before));
  }
});

t.test("without its directory a lab can be listed, entered and taken down, from anywhere", async (t) => {
  const lab = "e2e-forgotten";
  const before = machine(lab);
  t.equal((await fe80("up", topology(t, "seed-pair", lab), "-q")).exit, 0);
  rmSync(`/run/fe80/${lab}`, { recursive: true });
  t.match((await fe80("ls")).stdout, new RegExp(`^${lab} +2 +0$`, "m"));
  t.match((await fe80("inspect", lab)).stderr, /^error: .*only half there.*\nhint: fe80 down /);
  const program = `${process.cwd()}/fe80`;
  const script = `mkdir /tmp/${lab}; cd /tmp/${lab}; rmdir /tmp/${lab}; ${program} exec ${lab} r1 -- echo hello; ${program} down ${lab}`;
  const [env, ...words] = withoutTap;
  const { status, stdout } = spawnSync(env, [...words, "sh", "-c", script], { encoding: "utf8" });
  t.equal(status, 0);
  t.equal(stdout, `hello\n${lab} is down\n`);
  t.strictSame(machine(lab), asBefore(before));
});

t.test("with a full process table up works or says why not, and nothing is left", async (t) => {
  const lab = "e2e-crowded";
  const path = topology(t, "pair-with-bird", lab);
  const before = machine(lab);
  const outcomes = new Set<string>();
  for (const most of [12, 14, 15, 20, 64]) {
    using group = new Cgroup(most);
    const script = `echo $$ > ${group.path}/cgroup.procs; exec ./fe80 up ${path} -q --timeout 2s`;
    const { status, stdout, stderr } = spawnSync("sh", ["-c", script], { encoding: "utf8" });
    const outcome = status === 0 ? "up" : status === 1 ? "error" : "no Node.js";
    outcomes.add(outcome);
    if (outcome === "error") t.match(stdout + stderr, /^error: |does not answer/m, `${most} tasks`);
    t.not(status, 70, `${most} tasks: ${stderr}`);
    t.equal((await fe80("down", lab)).exit, 0);
    t.strictSame(machine(lab), asBefore(before), `${most} tasks`);
    // A speaker on standby ends with its command, even if neither could start.
    await until(() => group.isEmpty);
  }
  t.ok(outcomes.has("up") && outcomes.has("error"), [...outcomes].join(", "));
});

/** A control group in which there can be so many processes and threads at most; empty it before it is disposed of. */
class Cgroup implements Disposable {
  readonly path: string;

  constructor(most: number) {
    const root = existsSync("/sys/fs/cgroup/pids") ? "/sys/fs/cgroup/pids" : "/sys/fs/cgroup";
    this.path = `${root}/fe80test-${process.pid}-${most}`;
    mkdirSync(this.path);
    writeFileSync(`${this.path}/pids.max`, String(most));
  }

  get isEmpty(): boolean {
    return readFileSync(`${this.path}/cgroup.procs`, "utf8") === "";
  }

  [Symbol.dispose](): void {
    rmdirSync(this.path);
  }
}
