import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { printPackets, recordPackets } from "../../src/lab/capture.ts";
import { InterruptedError } from "../../src/lab/errors.ts";
import { ProgramNotFoundError } from "../../src/runtime/errors.ts";
import { frame } from "../capture/frames.ts";
import { shippedPlan } from "../support/lab-status.ts";
import type { FakeMachine } from "./fake-machine.ts";
import { bringUp } from "./running.ts";

const target = { lab: "seed-pair", endpoint: "r1:eth0" };
const ctrlC = AbortSignal.abort(new InterruptedError("SIGINT"));
const { signal } = new AbortController();
const filter = ["tcp", "port", "179"];

async function machineWith(...programs: string[]): Promise<FakeMachine> {
  const machine = await bringUp(shippedPlan("seed-pair"));
  for (const program of programs) machine.programs.add(program);
  machine.outputs.set("tcpdump -y EN10MB -ddd tcp port 179", "2\n40 0 0 12\n6 0 0 262144\n");
  machine.frames = ([first]) => (first ? [{ target: first, sent: true, octets: frame() }] : []);
  machine.calls.length = 0;
  return machine;
}

t.test("packets are printed by tcpdump", async (t) => {
  const machine = await machineWith("tcpdump");
  machine.exitCode = 3;
  t.equal(await printPackets(target, { filter, signal: ctrlC }, machine.environment), 3);
  t.strictSame(machine.calls, ["tap r1:eth0 by 2", "untap", "print 1 parts by tcpdump -n -l -r -"]);
});

t.test("nobody listens any more once nobody reads what is printed", async (t) => {
  const machine = await machineWith("tcpdump");
  machine.environment.runtime.print = async () => 141;
  t.equal(await printPackets(target, { filter: [], signal }, machine.environment), 141);
  t.strictSame(machine.calls, ["tap r1:eth0", "untap"]);
});

t.test("packets are written to a file, or wherever else, and nothing is needed for that", async (t) => {
  const file = join(t.testdir(), "packets");
  const octets: number[] = [];
  for (const output of [file, (part: Uint8Array) => void octets.push(...part)]) {
    const machine = await machineWith();
    await recordPackets(target, { filter: [], output, signal: ctrlC }, machine.environment);
    t.strictSame(machine.calls, ["tap r1:eth0", "untap"]);
  }
  t.ok(octets.length > frame().length);
  t.same([...readFileSync(file)].length, octets.length);
});

t.test("a filter is for tcpdump to read, and for the kernel to apply", async (t) => {
  const machine = await machineWith("tcpdump");
  await recordPackets(target, { filter, output: () => {}, signal: ctrlC }, machine.environment);
  t.strictSame(machine.calls, ["tap r1:eth0 by 2", "untap"]);
});

t.test("without tcpdump it says which package has it", async (t) => {
  const { environment } = await machineWith();
  environment.runtime.run = async () => {
    throw new ProgramNotFoundError("tcpdump", "/nowhere");
  };
  const error = { code: "PROGRAM_MISSING", hint: "apt-get install tcpdump" };
  await t.rejects(printPackets(target, { filter: [], signal }, environment), error);
  await t.rejects(recordPackets(target, { filter, output: "-", signal }, environment), error);
});

t.test("a file that cannot be written is an error, at once or later", async (t) => {
  const { environment } = await machineWith();
  const error = { code: "FILE_UNWRITABLE" };
  const write = (output: string) => recordPackets(target, { filter: [], output, signal }, environment);
  await t.rejects(write("/nowhere/packets"), { ...error, message: /^the packets cannot be written: ENOENT/ });
  await t.rejects(write("/dev/full"), { ...error, message: /ENOSPC/ });
});

t.test("an interface that is not there is named", async (t) => {
  const { environment } = await machineWith("tcpdump");
  const options = { filter, output: "-", signal };
  const error = { code: "INTERFACE_UNKNOWN", hint: "it has r1:eth0" };
  await t.rejects(recordPackets({ ...target, endpoint: "r1:eth1" }, options, environment), error);
});
