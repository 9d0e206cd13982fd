import { rmSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { encodeMessages } from "../../src/bgp/wire/codec.ts";
import { type CapturedMessage, captureBgp } from "../../src/lab/capture-bgp.ts";
import { InterruptedError } from "../../src/lab/errors.ts";
import type { Frame } from "../../src/runtime/runtime.ts";
import { frame, r1, r2 } from "../capture/frames.ts";
import { shippedPlan } from "../support/lab-status.ts";
import type { FakeMachine } from "./fake-machine.ts";
import { bringUp } from "./running.ts";

const lab = "chain-3";
const [payload = new Uint8Array()] = encodeMessages({ type: "keepalive" }, undefined);

/** A machine at each of whose tapped interfaces a KEEPALIVE goes out and one comes in. */
async function talking(): Promise<FakeMachine> {
  const machine = await bringUp(shippedPlan(lab));
  machine.calls.length = 0;
  machine.frames = (targets) =>
    targets.flatMap((target): Frame[] => [
      { target, sent: true, octets: frame({ payload }) },
      { target, sent: false, octets: frame({ from: r2, to: r1, payload }) },
    ]);
  return machine;
}

/** What is told until Ctrl-C. */
async function captured(machine: FakeMachine, where: string | undefined): Promise<CapturedMessage[]> {
  const messages: CapturedMessage[] = [];
  const signal = AbortSignal.abort(new InterruptedError("SIGINT"));
  const onMessage = (message: CapturedMessage) => void messages.push(message);
  await captureBgp({ lab, where }, { onMessage, signal }, machine.environment);
  return messages;
}

t.test("messages are told with the routers that they go between", async (t) => {
  const messages = await captured(await talking(), "r2:eth0");
  t.match(messages, [
    { from: "r2:eth0", to: "r1:eth0", port: 40_000, text: "Keepalive" },
    { from: "r1:eth0", to: "r2:eth0", port: 40_000, text: "Keepalive" },
  ]);
});

t.test("a router's links are tapped at its end, those of a lab at one end each", async (t) => {
  for (const { where, tapped } of [
    { where: undefined, tapped: "tap r1:eth0 r2:eth1" },
    { where: "r2", tapped: "tap r2:eth0 r2:eth1" },
    { where: "r3:eth0", tapped: "tap r3:eth0" },
  ]) {
    const machine = await talking();
    await captured(machine, where);
    t.strictSame(machine.calls, [tapped, "untap"]);
  }
});

t.test("a lab whose directory is lost can be heard still, by address", async (t) => {
  const machine = await talking();
  rmSync(join(machine.environment.directories.run, lab), { recursive: true });
  t.match(await captured(machine, "r1:eth0"), [{ from: "r1:eth0", to: "fe80::2" }, { from: "fe80::2" }]);
  await t.rejects(captured(machine, undefined), { code: "LAB_INCOMPLETE" });
});

t.test("it ends with the lab, or with any other signal's reason", async (t) => {
  const machine = await talking();
  const { signal } = new AbortController();
  machine.frames = () => {
    machine.running.delete(lab);
    return [];
  };
  await captureBgp({ lab, where: "r1" }, { onMessage: () => {}, signal }, machine.environment);
  t.equal(machine.calls.at(-1), "untap");
  const terminated = AbortSignal.abort(new InterruptedError("SIGTERM"));
  const other = await talking();
  const options = { onMessage: () => {}, signal: terminated };
  await t.rejects(captureBgp({ lab, where: "r1" }, options, other.environment), { code: "INTERRUPTED" });
});

t.test("what is not there is named", async (t) => {
  const machine = await talking();
  await t.rejects(captured(machine, "r9"), { code: "ROUTER_UNKNOWN" });
  await t.rejects(captured(machine, "r1:eth9"), { code: "INTERFACE_UNKNOWN" });
});
