import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import t from "tap";
import { listNetns } from "../../src/linux/netns.ts";
import { listProcesses } from "../../src/runtime/netns/process-table.ts";
import { fe80, nothing, start, topology, traces, until } from "./command.ts";

/** Moments of `up` that can be seen from outside. */
const moments: Record<string, (lab: string) => boolean> = {
  "at once": () => true,
  "when its directory is there": (lab) => readdirSync("/run/fe80").includes(lab),
  "when its first namespace is there": (lab) => listNetns().some((name) => name.startsWith(`fe80.${lab}.`)),
  "when its last namespace is there": (lab) =>
    listNetns().filter((name) => name.startsWith(`fe80.${lab}.`)).length === 6,
  "when a session is up": (lab) => logOf(lab).includes("-> established"),
};

function logOf(lab: string): string {
  try {
    return readFileSync(`/run/fe80/${lab}/spine1.log`, "utf8");
  } catch {
    return "";
  }
}

const seen = (moment: (lab: string) => boolean, lab: string) => {
  try {
    return moment(lab);
  } catch {
    return false;
  }
};

for (const [name, moment] of Object.entries(moments)) {
  t.test(`Ctrl-C during up, ${name}, undoes it`, async (t) => {
    const lab = "e2e-interrupted";
    const path = topology(t, "clos-2x4", lab);
    const before = traces(lab);
    const up = start("up", path);
    await until(() => seen(moment, lab));
    up.kill("SIGINT");
    const { exit, stderr } = await up.ended;
    // Before it listens for signals, or once it has converged, there is nothing to undo or nothing to interrupt.
    t.ok(["SIGINT", 130, 0].includes(exit), `${exit} ${stderr}`);
    if (exit === 0) t.equal((await fe80("down", lab)).exit, 0);
    t.strictSame(traces(lab), nothing(before));
  });

  t.test(`after kill -9 of up, ${name}, down takes all away`, async (t) => {
    const lab = "e2e-killed";
    const path = topology(t, "clos-2x4", lab);
    const before = traces(lab);
    const up = start("up", path);
    await until(() => seen(moment, lab));
    up.kill("SIGKILL");
    await up.ended;
    const down = await fe80("down", lab);
    t.equal(down.exit, 0, down.stderr);
    t.strictSame(traces(lab), nothing(before));
  });
}

t.test("after kill -9 of up a speaker on standby ends by itself", async (t) => {
  const lab = "e2e-standby";
  const before = traces(lab);
  const up = spawn("./fe80", ["up", topology(t, "seed-pair", lab)], { stdio: "ignore" });
  const isStandby = (pid: string) => isOnStandby(pid, up.pid);
  await until(() => readdirSync("/proc").some(isStandby) || up.exitCode !== null);
  const standby = readdirSync("/proc").filter(isStandby);
  t.strictSame(traces(lab), nothing(before), "it is nobody's yet");
  up.kill("SIGKILL");
  await once(up, "exit");
  await until(() => !listProcesses().some(({ pid }) => standby.includes(String(pid))));
  t.equal((await fe80("down", lab)).exit, 0);
  t.strictSame(traces(lab), nothing(before));
});

/** Whether a process waits for its lab, and a certain one has started it. */
function isOnStandby(pid: string, parent: number | undefined): boolean {
  try {
    const started = readFileSync(`/proc/${pid}/status`, "utf8").includes(`\nPPid:\t${parent}\n`);
    return started && readFileSync(`/proc/${pid}/environ`, "utf8").includes("FE80_STANDBY=");
  } catch {
    return false; // it has just ended, or is none
  }
}

t.test("a speaker that dies while the lab comes up is one clear error, and nothing is left", async (t) => {
  const lab = "e2e-dying";
  const path = topology(t, "clos-2x4", lab);
  const before = traces(lab);
  const up = start("up", path);
  await until(() => traces(lab).processes.length > 0);
  for (const pid of traces(lab).processes) process.kill(Number(pid), "SIGKILL");
  const { exit, stderr } = await up.ended;
  t.equal(exit, 1);
  t.match(stderr, /^error: .*speaker-1.*SIGKILL/m);
  t.strictSame(traces(lab), nothing(before));
});

t.test("down needs no file: the run directory may be gone", async (t) => {
  const lab = "e2e-amnesia";
  const before = traces(lab);
  t.equal((await fe80("up", topology(t, "seed-pair", lab), "-q")).exit, 0);
  const { rmSync } = await import("node:fs");
  rmSync(`/run/fe80/${lab}`, { recursive: true });
  t.equal((await fe80("down", lab)).exit, 0);
  t.strictSame(traces(lab), nothing(before));
});

t.test("a terminal that is closed during up undoes it, as Ctrl-C does", async (t) => {
  const lab = "e2e-hung-up";
  const path = topology(t, "clos-2x4", lab);
  const before = traces(lab);
  const up = start("up", path);
  await until(() => traces(lab).processes.length > 0);
  up.kill("SIGHUP");
  const { exit, stderr } = await up.ended;
  t.equal(exit, 129, stderr);
  t.strictSame(traces(lab), nothing(before));
});

t.test("work on a lab comes to its end though nobody reads what is said of it", async (t) => {
  const lab = "e2e-unheard";
  const path = topology(t, "seed-pair", lab);
  const before = traces(lab);
  const test = start("test", path);
  test.stopReading();
  t.equal((await test.ended).exit, 0);
  t.strictSame(traces(lab), nothing(before));
});

t.test("a result that cannot be written is an error, and nothing is left", async (t) => {
  const lab = "e2e-unwritten";
  const path = topology(t, "seed-pair", lab);
  const before = traces(lab);
  const { status, stderr } = spawnSync("sh", ["-c", './fe80 test "$0" > /dev/full', path], {
    encoding: "utf8",
  });
  t.equal(status, 1);
  t.match(stderr, /^error: the result cannot be written: .*ENOSPC/m);
  t.strictSame(traces(lab), nothing(before));
});
