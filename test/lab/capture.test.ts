import t from "tap";
import { capture } from "../../src/lab/capture.ts";
import { shippedPlan } from "../support/lab-status.ts";
import type { FakeMachine } from "./fake-machine.ts";
import { bringUp } from "./running.ts";

const { signal } = new AbortController();
const filter = ["tcp", "port", "179"];

async function machineWith(...programs: string[]): Promise<FakeMachine> {
  const machine = await bringUp(shippedPlan("seed-pair"));
  for (const program of programs) machine.programs.add(program);
  return machine;
}

const record = (machine: FakeMachine, write: string | undefined, endpoint = "r1:eth0") =>
  capture({ lab: "seed-pair", endpoint }, { write, filter, signal }, machine.environment);

t.test("packets are printed by tcpdump, and written by the best program there is", async (t) => {
  for (const { programs, write, command } of [
    { programs: ["tcpdump", "dumpcap"], write: undefined, command: "tcpdump -i eth0 -n -l tcp port 179" },
    { programs: ["tcpdump"], write: "-", command: "tcpdump -i eth0 -U -Z root -w - tcp port 179" },
    { programs: ["tcpdump", "dumpcap"], write: "f", command: "dumpcap -q -i eth0 -w f -f tcp port 179" },
  ]) {
    const machine = await machineWith(...programs);
    machine.exitCode = 3;
    t.equal(await record(machine, write), 3);
    t.equal(machine.calls.at(-1), `exec seed-pair r1 ${command}`);
  }
});

t.test("without a program it says which package has one", async (t) => {
  const machine = await machineWith("dumpcap");
  const error = { code: "PROGRAM_MISSING", hint: "apt-get install tcpdump" };
  await t.rejects(record(machine, undefined), error);
  await t.rejects(record(await machineWith(), "-"), error);
});

t.test("an interface that is not there is named", async (t) => {
  const machine = await machineWith("tcpdump");
  await t.rejects(record(machine, "-", "r1:eth1"), { code: "INTERFACE_UNKNOWN", hint: "it has r1:eth0" });
});
