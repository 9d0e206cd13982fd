import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import t, { type Test } from "tap";
import type { Daemon } from "../../../src/kinds/kind.ts";
import { speakerCommand } from "../../../src/kinds/speaker-command.ts";
import { createNetnsRuntime } from "../../../src/runtime/netns/netns-runtime.ts";
import { isAlive, listProcesses } from "../../../src/runtime/netns/process-table.ts";
import { Standby } from "../../../src/runtime/netns/standby.ts";
import { systemClock } from "../../../src/std/clock.ts";
import { removed, script, testLab } from "./lab.ts";

const path = "/usr/bin:/bin";
/** A daemon that writes what it is to do, and then does nothing until it is ended. */
const program = `
import { takeUpWork } from ${JSON.stringify(new URL("../../../src/runtime/netns/take-up.ts", import.meta.url))};
const work = takeUpWork();
if (work !== undefined) {
  process.stdout.write(work + " for " + process.env.FE80_LAB + "\\n");
  process.stderr.write("oops\\n");
  setInterval(() => {}, 60_000);
}
`;

/** A process on standby, and a runtime that may use it. */
function ready(t: Test) {
  const lab = testLab(t);
  const speaker = { node: process.execPath, program: `${t.testdir({ "program.mjs": program })}/program.mjs` };
  const command = speakerCommand(speaker);
  const standby = Standby.start({ speaker, path });
  t.teardown(() => standby[Symbol.dispose]());
  const runtime = createNetnsRuntime({ clock: systemClock, path, runDirectory: lab.root, standby });
  return { lab: { ...lab, runtime }, standby, command, daemon: script(lab, "", { command, input: "work" }) };
}

/** Waits until a log has a line. */
async function logged({ log }: Daemon, line: string): Promise<string> {
  for (;;) {
    const text = readFileSync(log, "utf8");
    if (text.includes(line)) return text;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** What there is of the process of a number. */
const entryOf = (pid: number) => listProcesses().find((process) => process.pid === pid);

t.test("a process on standby is nobody's, and becomes the first daemon of its command", async (t) => {
  const { lab, daemon } = ready(t);
  t.strictSame(
    listProcesses().filter((process) => process.lab === lab.name),
    [],
  );
  const process = lab.runtime.start(lab.name, daemon);
  process.feed("work");
  t.equal((await logged(daemon, "oops")).trim(), `work for ${lab.name}\noops`);
  t.match(entryOf(process.pid), { lab: lab.name, daemon: daemon.name });
  const environment = readFileSync(`/proc/${process.pid}/environ`, "utf8");
  t.notMatch(environment, "FE80_STANDBY");

  const second = lab.runtime.start(lab.name, { ...daemon, name: "second" });
  t.not(second.pid, process.pid, "there is but one");
  t.equal((await removed(lab.runtime, lab.name)).length > 0, true);
  t.equal(await process.ended, "SIGKILL", "it is found and ended as any daemon of the lab");
});

t.test("a daemon of another command, or in a namespace, is started anew", async (t) => {
  const { lab, standby, command, daemon } = ready(t);
  const other = lab.runtime.start(lab.name, script(lab, "exit 3", { input: "" }));
  t.equal(await other.ended, "exit code 3");
  const place = { type: "netns", name: `fe80.${lab.name}.r1` } as const;
  t.throws(() => lab.runtime.start(lab.name, { ...daemon, place }), /ENOENT/);
  const marks = { FE80_LAB: "x".repeat(300) };
  t.equal(standby.take(command, { marks, log: daemon.log }), undefined, "marks that are too long do not fit");
});

t.test("a process on standby that gets no work ends, and leaves nothing", async (t) => {
  const { lab, standby, command, daemon } = ready(t);
  const log = `${lab.root}/log`;
  writeFileSync(log, "");
  const taken = standby.take(command, { marks: { FE80_LAB: lab.name }, log });
  t.ok(taken);
  taken?.abandon();
  if (taken) t.strictSame(await once(taken.child, "exit"), [0, null]);
  t.equal(readFileSync(log, "utf8"), "");
  t.equal(standby.take(daemon.command, { marks: {}, log }), undefined, "it can be taken once");
});

t.test("a process on standby that nobody takes is ended with what it was started for", async (t) => {
  const { standby } = ready(t);
  const own = listProcesses().find(({ pid }) => ppidOf(pid) === process.pid);
  t.ok(own);
  standby[Symbol.dispose]();
  while (own && isAlive(own)) await new Promise((resolve) => setImmediate(resolve));
});

function ppidOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}
