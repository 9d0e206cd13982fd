import t from "tap";
import { countLost, startFlows } from "../../../src/lab/steps/flows.ts";
import { shippedPlan } from "../../support/lab-status.ts";
import { FakeMachine } from "../fake-machine.ts";

const summary = (sent: number, received: number) =>
  `\n--- 10.0.2.1 ping statistics ---\n${sent} packets transmitted, ${received} received, 0% packet loss, time 9ms\n`;
const answers = (...numbers: readonly number[]) =>
  numbers.map((number) => `64 bytes from 10.0.2.1: icmp_seq=${number} ttl=63 time=0.04 ms\n`).join("");

t.test("requests without an answer are counted, but for the last one, which may be under way", async (t) => {
  const cases: [output: string, sent: number, lost: number][] = [
    [answers(1, 2, 3) + summary(3, 3), 3, 0],
    [answers(1, 2, 3) + summary(4, 3), 4, 0],
    [answers(1, 2, 5) + summary(5, 3), 5, 2],
    [answers(1, 2) + summary(5, 2), 5, 3],
    [summary(5, 0), 5, 5],
    [answers(65_535, 0) + summary(65_537, 65_536), 65_537, 0],
    ["", 0, 0],
  ];
  for (const [output, sent, lost] of cases) t.strictSame(countLost(output), { sent, lost }, output);
});

t.test("requests go in each family that both ends have, and are added up", async (t) => {
  const plan = shippedPlan("seed-pair");
  const machine = new FakeMachine();
  for (const [from, to] of [
    ["10.0.1.1", "10.0.2.1"],
    ["2001:db8:1::1", "2001:db8:2::1"],
  ]) {
    machine.outputs.set(`ping -n -i 0.01 -I ${from} ${to}`, answers(1, 2) + summary(4, 2));
  }
  const { environment } = machine;
  const asked = { plan, daemons: [], environment, signal: new AbortController().signal };
  await using flows = await startFlows(asked, [{ from: "r1", to: "r2" }]);
  t.strictSame(await flows.end(), [{ from: "r1", to: "r2", sent: 8, lost: 4 }]);
});

t.test("it is an error if there is no program", async (t) => {
  const machine = new FakeMachine();
  machine.programs.clear();
  const { environment } = machine;
  const asked = {
    plan: shippedPlan("seed-pair"),
    daemons: [],
    environment,
    signal: new AbortController().signal,
  };
  await t.rejects(startFlows(asked, [{ from: "r1", to: "r2" }]), { code: "PROGRAM_NOT_FOUND" });
});
