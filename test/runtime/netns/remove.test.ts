import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import t, { type Test } from "tap";
import { inNetns, listNetns, NETNS_DIRECTORY, netnsPath } from "../../../src/linux/netns.ts";
import { isAlive, listProcesses } from "../../../src/runtime/netns/process-table.ts";
import { pairPlan, removed, script, testLab } from "./lab.ts";

const never = new AbortController().signal;

function sleeping(t: Test, options: { env?: Record<string, string>; netns?: string }): ChildProcess {
  const netns = options.netns === undefined ? null : netnsPath(options.netns);
  const child = inNetns(netns, () =>
    spawn("/bin/sleep", ["1000"], { env: options.env ?? {}, stdio: "ignore" }),
  );
  t.teardown(() => child.kill("SIGKILL"));
  return child;
}

const ended = (child: ChildProcess) =>
  new Promise<string>((resolve) =>
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`)),
  );

t.test("a lab goes: processes, namespaces, directory, each told; again there is nothing to do", async (t) => {
  const lab = testLab(t);
  await lab.runtime.plumb(pairPlan(lab.name), { signal: never });
  const daemon = lab.runtime.start(lab.name, script(lab, "exec sleep 1000"));
  while (readFileSync(`/proc/${daemon.pid}/comm`, "utf8") !== "sleep\n") await new Promise(setImmediate);
  t.same(await removed(lab.runtime, lab.name), [
    { type: "netns", name: `fe80.${lab.name}.r1` },
    { type: "netns", name: `fe80.${lab.name}.r2` },
    { type: "directory", name: lab.directory },
    { type: "process", name: `sleep (${daemon.pid})` },
  ]);
  t.equal(await daemon.ended, "SIGKILL", "daemons have nobody to say goodbye to");
  t.notOk(existsSync(lab.directory));
  t.notOk((await lab.runtime.labs()).some(({ name }) => name === lab.name));
  t.same(await removed(lab.runtime, lab.name), []);
});

t.test("processes are found by their mark, and by their namespace; a frozen one ends too", async (t) => {
  const lab = testLab(t);
  await lab.runtime.plumb(pairPlan(lab.name), { signal: never });
  const marked = sleeping(t, { env: { FE80_LAB: lab.name } });
  const inside = sleeping(t, { netns: `fe80.${lab.name}.r2` });
  const frozen = sleeping(t, { env: { FE80_LAB: lab.name } });
  frozen.kill("SIGSTOP");
  const bystander = sleeping(t, { env: { FE80_LAB: `${lab.name}0` } });
  const ends = Promise.all([marked, inside, frozen].map(ended));
  const gone = await removed(lab.runtime, lab.name);
  t.same(await ends, ["SIGTERM", "SIGTERM", "SIGTERM"]);
  t.equal(gone.filter(({ type }) => type === "process").length, 3);
  t.equal(bystander.exitCode ?? bystander.signalCode, null, "another lab's goes on");
});

t.test("a process that does not want to end is ended", async (t) => {
  const lab = testLab(t);
  const ready = `${lab.directory}/ready`;
  const daemon = script(lab, `trap "" TERM; mkdir ${ready}; while :; do sleep 1000; done`);
  const process = lab.runtime.start(lab.name, daemon);
  while (!existsSync(ready)) await new Promise((resolve) => setImmediate(resolve));
  await removed(lab.runtime, lab.name);
  t.equal(await process.ended, "SIGKILL");
});

t.test("what a killed `up` leaves half-made goes too", async (t) => {
  const lab = testLab(t);
  const other = testLab(t);
  await other.runtime.plumb(pairPlan(other.name), { signal: never }); // so that the directory exists
  writeFileSync(`${NETNS_DIRECTORY}/fe80.${lab.name}.r1`, "");
  mkdirSync(lab.directory, { recursive: true });
  t.same(await removed(lab.runtime, lab.name), [
    { type: "netns", name: `fe80.${lab.name}.r1` },
    { type: "directory", name: lab.directory },
  ]);
});

t.test("two labs do not meet: neither name, nor process, nor port", async (t) => {
  const [a, b] = [testLab(t), testLab(t)];
  await Promise.all([a, b].map(({ name, runtime }) => runtime.plumb(pairPlan(name), { signal: never })));
  await removed(a.runtime, a.name);
  const left = listNetns().filter((name) => name.includes(`.${a.name}.`) || name.includes(`.${b.name}.`));
  t.same(left, [`fe80.${b.name}.r1`, `fe80.${b.name}.r2`]);
  t.equal(await b.runtime.exec({ lab: b.name, router: "r1" }, ["true"], { signal: never, ctrlC: never }), 0);
});

t.test("a lab that was just removed can be made again", async (t) => {
  const lab = testLab(t);
  for (let round = 0; round < 3; round++) {
    await lab.runtime.plumb(pairPlan(lab.name), { signal: never });
    t.equal((await removed(lab.runtime, lab.name)).length, 2);
  }
  t.equal(readdirSync(NETNS_DIRECTORY).filter((name) => name.includes(`.${lab.name}.`)).length, 0);
});

t.test("a process is there until its last thread is, whose files are its own", async (t) => {
  const program = `
    import koffi from "koffi";
    const numbers = { x64: 60, arm64: 93 }; // of exit(2), which ends one thread
    const exit = koffi.load("libc.so.6").func("long syscall(long number, long status)");
    exit(numbers[process.arch], 0);
  `;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: `${import.meta.dirname}/../../..`,
    stdio: "ignore",
  });
  t.teardown(() => child.kill("SIGKILL"));
  const found = () => listProcesses().find(({ pid }) => pid === child.pid);
  const state = () => /\) (\w)/.exec(readFileSync(`/proc/${child.pid}/stat`, "utf8"))?.[1];
  while (state() !== "Z") await new Promise((resolve) => setImmediate(resolve));
  const one = found();
  t.ok(one && isAlive(one), "its first thread has ended, and others have not");
  child.kill("SIGKILL");
  await ended(child);
  t.notOk(one && isAlive(one));
});
