import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { ControlError } from "../../src/bgp/control/client.ts";
import { runTests } from "../../src/lab/test-run.ts";
import type { LabResult } from "../../src/report/reporters/event.ts";
import type { LabError } from "../../src/std/errors.ts";
import { FakeMachine } from "./fake-machine.ts";

const text =
  "name: guarded\ndefaults: { md5: swordfish }\nrouters: [r1, r2]\nlinks: [r1 -- r2]\nexpect: { within: 500ms }\n";

/** Tests a lab that fails, with artifacts below a directory. */
async function testIt(t: Test, machine: FakeMachine, artifacts: string) {
  const file = join(t.testdir({ "guarded.yaml": text }), "guarded.yaml");
  const errors: LabError[] = [];
  const options = {
    ...{
      jobs: 1,
      bail: false,
      retry: 0,
      repeat: 1,
      keep: false,
      filter: undefined,
      timeoutMs: undefined,
      routes: 10,
      artifacts,
    },
    read: {},
    emit: () => {},
    complain: (error: LabError) => errors.push(error),
    judge: () => [],
    signal: new AbortController().signal,
  };
  const { clock, directories } = machine.environment;
  const environment = async () => machine.environment;
  const [result] = await runTests([file], options, { clock, directories, environment });
  return { result: result as LabResult, errors };
}

function logs(machine: FakeMachine): void {
  machine.onPlumb = async () => {
    const directory = join(machine.environment.directories.run, "guarded");
    mkdirSync(directory, { recursive: true });
    const line = (second: number, msg: string) =>
      `${JSON.stringify({ msg, level: 30, time: `2026-01-29T05:00:0${second}.000Z` })}\n`;
    writeFileSync(join(directory, "r1.log"), line(1, "one") + line(3, "three"));
    writeFileSync(join(directory, "r2.log"), line(2, "two"));
  };
}

function silent(machine: FakeMachine): void {
  machine.events = () => {
    throw new ControlError("ECONNREFUSED");
  };
}

t.test("a lab that failed leaves its plan, logs, sessions, routes and report", async (t) => {
  const machine = new FakeMachine();
  silent(machine);
  logs(machine);
  machine.routeParts = [[], []];
  const octets = Uint8Array.of(0xfe, 0x80, 7);
  machine.frames = ([target]) => (target ? [{ target, sent: true, octets }] : []);
  const out = join(machine.directory, "out");
  const { result } = await testIt(t, machine, out);
  t.match(result, { outcome: "failed", artifacts: join(out, "guarded") });
  const read = (name: string) => readFileSync(join(out, "guarded", name), "utf8");
  t.strictSame(readdirSync(join(out, "guarded")), [
    "log.jsonl",
    "log.txt",
    "missing.txt",
    "packets.pcapng",
    "plan.json",
    "report.json",
    "report.txt",
    "routes.json",
    "sessions.json",
  ]);
  t.equal(
    read("log.txt"),
    [1, 2, 3]
      .map(
        (n) => `r${n === 2 ? 2 : 1} 2026-01-29T05:00:0${n}.000Z INFO  - ${["one", "two", "three"][n - 1]}\n`,
      )
      .join(""),
  );
  const packets = readFileSync(join(out, "guarded", "packets.pcapng"));
  t.ok(packets.includes("r1:eth0") && packets.includes(Buffer.from(octets)));
  const calls = machine.calls.map((call) => call.split(" ")[0]);
  t.ok(calls.indexOf("tap") < calls.indexOf("feed"), "before anybody speaks");
  t.ok(calls.includes("untap"));
  t.equal(JSON.parse(read("report.json")).converged, false);
  t.match(read("report.txt"), /^guarded has not converged/m);
  t.match(read("missing.txt"), "no session r1:eth0");
  t.match(read("plan.json"), "(secret)");
  for (const name of readdirSync(join(out, "guarded"))) t.notMatch(read(name), /swordfish/, name);
  t.equal(machine.running.size, 0);
});

t.test("a lab with a router that died while it came up leaves what there is, without a report", async (t) => {
  const machine = new FakeMachine();
  silent(machine);
  logs(machine);
  const plumb = machine.onPlumb;
  machine.onPlumb = async (signal) => {
    await plumb(signal);
    machine.end("speaker-1", "SIGSEGV");
  };
  const out = join(machine.directory, "out");
  const { result, errors } = await testIt(t, machine, out);
  t.match(result, { outcome: "failed", report: null, artifacts: join(out, "guarded") });
  t.match(errors, [{ code: "DAEMON_ENDED" }]);
  t.match(readFileSync(join(out, "guarded", "log.txt"), "utf8"), "two");
  t.notOk(readdirSync(join(out, "guarded")).includes("report.json"));
});

t.test("artifacts that cannot be written are told of, and the lab has failed as it did", async (t) => {
  const machine = new FakeMachine();
  silent(machine);
  writeFileSync(join(machine.directory, "file"), "");
  const { result, errors } = await testIt(t, machine, join(machine.directory, "file", "out"));
  t.match(result, { outcome: "failed", artifacts: null });
  t.match(errors, [{ code: "ARTIFACTS_UNWRITABLE", message: /^cannot write .*\/out\/guarded: ENOTDIR/ }]);
  t.equal(machine.running.size, 0);
});
