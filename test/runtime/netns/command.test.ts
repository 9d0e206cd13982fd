import { execFile } from "node:child_process";
import { chmodSync } from "node:fs";
import { promisify } from "node:util";
import t from "tap";
import { netnsInode, netnsPath } from "../../../src/linux/netns.ts";
import { pairPlan, testLab } from "./lab.ts";

const never = new AbortController().signal;

/** Beside a daemon that is in no namespace. */
const here = { place: { type: "machine" } } as const;

t.test("a program beside the lab gives its output, or its error with the last lines it wrote", async (t) => {
  const { runtime } = testLab(t);
  t.strictSame(
    await runtime.run(
      here,
      [
        ["echo", "hello"],
        ["echo", "you"],
      ],
      { signal: never },
    ),
    ["hello", "you"],
  );
  await t.rejects(
    runtime.run(here, [["sh", "-c", "echo one >&2; echo two >&2; exit 4"]], { signal: never }),
    {
      message: "sh -c echo one >&2; echo two >&2; exit 4: exit code 4\n  one\n  two",
      code: "PROGRAM_FAILED",
    },
  );
  await t.rejects(runtime.run(here, [["sh", "-c", "kill -KILL $$"]], { signal: never }), {
    message: /: SIGKILL/,
  });
  await t.rejects(runtime.run(here, [["no-such-program"]], { signal: never }), {
    message: "there is no program no-such-program",
  });
});

t.test("a program that is found but cannot be started is an error with its reason", async (t) => {
  const { runtime } = testLab(t);
  const path = `${t.testdir({ broken: "#!/nowhere\n" })}/broken`;
  chmodSync(path, 0o755);
  await t.rejects(runtime.run(here, [[path]], { signal: never }), {
    code: "PROGRAM_FAILED",
    message: /broken: .*spawn .*ENOENT/s,
  });
});

t.test("an abort ends the program", async (t) => {
  const { runtime } = testLab(t);
  const abort = new AbortController();
  const run = runtime.run(here, [["sleep", "1000"]], { signal: abort.signal });
  abort.abort(new Error("enough"));
  await t.rejects(run, { message: "enough" });
});

t.test("a program in a router sees its network, and its exit code is passed on", async (t) => {
  const { name, runtime } = testLab(t);
  await runtime.plumb(pairPlan(name), { signal: never });
  const exec = (...command: [string, ...string[]]) =>
    runtime.exec({ lab: name, router: "r1" }, command, { signal: never, ctrlC: never });
  const inode = netnsInode(netnsPath(`fe80.${name}.r1`));
  t.equal(await exec("sh", "-c", `test "$(readlink /proc/self/ns/net)" = "net:[${inode}]"`), 0);
  t.equal(await exec("sh", "-c", "exit 9"), 9);
  t.equal(await exec("sh", "-c", "kill -TERM $$"), 143, "as a shell has it");
  await t.rejects(exec("no-such-program"), { message: "there is no program no-such-program" });
  const elsewhere = runtime.exec({ lab: name, router: "r9" }, ["true"], { signal: never, ctrlC: never });
  await t.rejects(elsewhere, { name: "SystemError", message: /ENOENT/ });
});

t.test("what a program in a router writes can be had, and that it fails is a result", async (t) => {
  const { name, runtime } = testLab(t);
  await runtime.plumb(pairPlan(name), { signal: never });
  const capture = (...command: [string, ...string[]]) =>
    runtime.capture({ lab: name, router: "r1" }, command, { signal: never });
  const inode = netnsInode(netnsPath(`fe80.${name}.r1`));
  const { stdout } = await capture("readlink", "/proc/self/ns/net");
  t.equal(stdout, `net:[${inode}]`);
  t.strictSame(await capture("sh", "-c", "echo out; echo err >&2; exit 9"), {
    exitCode: 9,
    stdout: "out",
    stderr: "err",
  });
  t.match(await capture("sh", "-c", "kill -TERM $$"), { exitCode: 143 });
  await t.rejects(capture("no-such-program"), { code: "PROGRAM_NOT_FOUND" });
});

t.test("a program that is interrupted can still say something", async (t) => {
  const { name, runtime } = testLab(t);
  await runtime.plumb(pairPlan(name), { signal: never });
  const interrupting = new AbortController();
  const script =
    "trap 'echo interrupted; kill $!; exit 3' INT; sleep 1000 >/dev/null 2>&1 & kill -USR1 $PPID; wait";
  process.once("SIGUSR1", () => interrupting.abort());
  const command = ["bash", "-c", script] as const;
  const options = { signal: never, interrupt: interrupting.signal };
  const found = await runtime.capture({ lab: name, router: "r1" }, command, options);
  t.strictSame(found, { exitCode: 3, stdout: "interrupted", stderr: "" });
});

t.test("only root may make a lab, enter it or take it away; others are sent to sudo", async (t) => {
  const { name, runtime } = testLab(t);
  await runtime.preflight(pairPlan(name), { signal: never });
  const program = `
    import { createNetnsRuntime } from "./src/runtime/netns/netns-runtime.ts";
    import { systemClock } from "./src/std/clock.ts";
    process.seteuid(65534);
    const runtime = createNetnsRuntime({ clock: systemClock, path: "", runDirectory: "/nowhere" });
    const target = { lab: "lab", router: "r1" };
    const { signal } = new AbortController();
    const works = [
      () => runtime.preflight({ links: [] }),
      () => runtime.exec(target, ["true"], { signal }),
      () => runtime.capture(target, ["true"], { signal }),
      async () => runtime.remove("lab"),
    ];
    for (const work of works) await work().catch(({ code, hint }) => console.log(code, hint));
  `;
  const cwd = `${import.meta.dirname}/../../..`;
  const arguments_ = ["--input-type=module", "--eval", program];
  const { stdout } = await promisify(execFile)(process.execPath, arguments_, { cwd });
  t.equal(stdout, "NOT_ROOT run the command with sudo\n".repeat(4));
});
