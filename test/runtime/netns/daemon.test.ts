import { closeSync, fstatSync, openSync, readFileSync, readlinkSync } from "node:fs";
import { stat } from "node:fs/promises";
import t from "tap";
import { netnsInode, netnsPath } from "../../../src/linux/netns.ts";
import { pairPlan, script, testLab } from "./lab.ts";

const never = new AbortController().signal;

t.test("a daemon gets its files, its input as a pipe it can open, and a log", async (t) => {
  const lab = testLab(t);
  const conf = `${lab.directory}/conf/script.conf`;
  const files = [{ path: conf, text: "written before\n" }];
  const daemon = script(lab, 'cat "$0" /dev/stdin; echo oops >&2', { files, input: "" });
  const process = lab.runtime.start(lab.name, { ...daemon, command: [...daemon.command, conf] });
  const input = "x".repeat(1 << 20);
  process.feed(input);
  t.equal(await process.ended, "exit code 0");
  t.equal(readFileSync(daemon.log, "utf8"), `written before\n${input}oops\n`);
});

t.test("a daemon is marked, has a session of its own and little else of our environment", async (t) => {
  const lab = testLab(t);
  const daemon = script(lab, "env; exec sleep 1000");
  const { pid } = lab.runtime.start(lab.name, { ...daemon, input: "" });
  const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  t.ok(environment.includes(`FE80_LAB=${lab.name}`));
  t.ok(environment.includes("PATH=/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"));
  t.notOk(environment.some((line) => line.startsWith("npm_") || line.startsWith("TAP_")));
  const session = readFileSync(`/proc/${pid}/stat`, "utf8").split(" ")[5];
  t.equal(Number(session), pid);
});

t.test("how a daemon ends is told", async (t) => {
  const lab = testLab(t);
  t.equal(await lab.runtime.start(lab.name, script(lab, "exit 3")).ended, "exit code 3");
  t.equal(await lab.runtime.start(lab.name, script(lab, "kill -KILL $$")).ended, "SIGKILL");
  const reader = lab.runtime.start(lab.name, script(lab, "exec true", { input: "" }));
  t.equal(await reader.ended, "exit code 0");
  reader.feed("to nobody".repeat(100_000));
});

t.test("what comes too late for a daemon does not go to a file that has its pipe's number now", async (t) => {
  const lab = testLab(t);
  const reader = lab.runtime.start(lab.name, script(lab, "exec true", { input: "" }));
  await reader.ended;
  const directory = t.testdir();
  const files = Array.from({ length: 8 }, (_, index) => openSync(`${directory}/${index}`, "w"));
  reader.feed("to nobody");
  // Each look takes its turn behind what is being written.
  for (let look = 0; look < 100; look++) await stat(directory);
  t.strictSame(
    files.map((fd) => fstatSync(fd).size),
    files.map(() => 0),
  );
  for (const fd of files) closeSync(fd);
});

t.test("a daemon of a router starts in its namespace", async (t) => {
  const lab = testLab(t);
  await lab.runtime.plumb(pairPlan(lab.name), { signal: never });
  const netns = `fe80.${lab.name}.r1`;
  const place = { type: "netns", name: netns } as const;
  const { pid } = lab.runtime.start(lab.name, script(lab, "exec sleep 1000", { place }));
  t.equal(readlinkSync(`/proc/${pid}/ns/net`), `net:[${netnsInode(netnsPath(netns))}]`);
});

t.test("a daemon whose files cannot be written is an error with its reason", async (t) => {
  const lab = testLab(t);
  const daemon = script(lab, "true", { log: "/dev/null/script.log" });
  const error = { code: "DIRECTORY_UNWRITABLE", message: /cannot be written: E/ };
  t.throws(() => lab.runtime.start(lab.name, daemon), error);
});

t.test("a program that is not installed is named, with where it was looked for", async (t) => {
  const lab = testLab(t);
  t.throws(() => lab.runtime.start(lab.name, script(lab, "", { command: ["no-such-daemon"] })), {
    message: "there is no program no-such-daemon",
    code: "PROGRAM_NOT_FOUND",
    hint: "looked in /usr/bin, /bin, /usr/local/sbin, /usr/sbin, /sbin",
  });
});
