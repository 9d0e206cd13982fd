import { rmSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { changeLink, type Direction, type LinkChange } from "../../src/lab/link.ts";
import { lockLab } from "../../src/lab/lock.ts";
import { planOf, shippedPlan } from "../support/lab-status.ts";
import type { FakeMachine } from "./fake-machine.ts";
import { bringUp } from "./running.ts";

const pair = shippedPlan("seed-pair");
const withHost = `
name: lab
routers: { r1: {}, r2: {}, h1: { kind: host, addresses: [10.1.0.10/24, "2001:db8::10/64"] } }
links: [r1 -- r2, h1 -- r1]
`;

async function change(machine: FakeMachine, what: LinkChange, { endpoint = "r1:eth0", signal = never } = {}) {
  machine.calls.length = 0;
  await changeLink({ lab: "seed-pair", endpoint }, { change: what, signal }, machine.environment);
  return machine.calls;
}

const never = new AbortController().signal;

t.test("an interface goes down, and up with the address that the plan gave it", async (t) => {
  const machine = await bringUp(pair);
  t.strictSame(await change(machine, { type: "link-down" }), ["set r1:eth0 down"]);
  t.strictSame(await change(machine, { type: "link-up" }), ["set r1:eth0 up with fe80::1/64"]);
});

t.test("a host gets its addresses and its way out back, its router the gateways", async (t) => {
  const machine = await bringUp(planOf(withHost));
  machine.calls.length = 0;
  for (const endpoint of ["h1:eth0", "r1:eth1"]) {
    await changeLink(
      { lab: "lab", endpoint },
      { change: { type: "link-up" }, signal: never },
      machine.environment,
    );
  }
  t.strictSame(machine.calls, [
    "set h1:eth0 up with fe80::3/64 with 10.1.0.10/24 with 2001:db8::10/64 via fe80::1",
    "set r1:eth1 up with fe80::1/64 with 10.1.0.1/24 with 2001:db8::1/64",
  ]);
});

t.test("a flap is down, a while, and up", async (t) => {
  const machine = await bringUp(pair);
  const { clock } = machine.environment;
  const startedAtMs = clock.now();
  const calls = await change(machine, { type: "link-flap", forMs: 500 });
  t.strictSame(calls, ["set r1:eth0 down", "set r1:eth0 up with fe80::1/64"]);
  t.equal(clock.now() - startedAtMs, 500);
});

t.test("a flap that is interrupted leaves the interface up", async (t) => {
  const machine = await bringUp(pair);
  const signal = AbortSignal.abort(new Error("Ctrl-C"));
  await t.rejects(change(machine, { type: "link-flap", forMs: 500 }, { signal }), { message: "Ctrl-C" });
  t.strictSame(machine.calls, ["set r1:eth0 down", "set r1:eth0 up with fe80::1/64"]);
});

t.test("a lab whose directory is lost has links still", async (t) => {
  const machine = await bringUp(pair);
  rmSync(join(machine.environment.directories.run, "seed-pair"), { recursive: true });
  t.strictSame(await change(machine, { type: "link-up" }), ["set r1:eth0 up"]);
});

t.test("packets vanish where they arrive, from one side or from both", async (t) => {
  const machine = await bringUp(pair);
  const vanish = (direction: Direction) => change(machine, { type: "blackhole", direction });
  t.strictSame(await vanish("both"), ["drop r1:eth0", "drop r2:eth0"]);
  t.strictSame(await vanish("in"), ["drop r1:eth0"]);
  t.strictSame(await vanish("out"), ["drop r2:eth0"]);
  const restored = await change(machine, { type: "unblackhole", direction: "both" });
  t.strictSame(restored, ["take r1:eth0", "take r2:eth0"]);
  rmSync(join(machine.environment.directories.run, "seed-pair"), { recursive: true });
  await t.rejects(vanish("both"), { code: "LAB_INCOMPLETE" });
});

t.test("on a shared link nobody but the one router is cut off", async (t) => {
  const machine = await bringUp(planOf("name: lab\nrouters: [r1, r2, r3]\nlinks: [[r1, r2, r3]]\n"));
  machine.calls.length = 0;
  const cut = { type: "blackhole", direction: "both" } as const;
  await changeLink({ lab: "lab", endpoint: "r2:eth0" }, { change: cut, signal: never }, machine.environment);
  t.strictSame(machine.calls, ["drop r2:eth0", "drop _lan:lan1-1"]);
});

t.test("what is not there is named, with what there is", async (t) => {
  const machine = await bringUp(pair);
  const tryTo = (endpoint: string) => change(machine, { type: "link-down" }, { endpoint });
  await t.rejects(tryTo("r1:eth9"), {
    code: "INTERFACE_UNKNOWN",
    message: "r1 has no interface eth9",
    hint: "it has r1:eth0",
  });
  await t.rejects(tryTo("r1"), { message: "no interface of r1 is named", hint: "it has r1:eth0" });
  await t.rejects(tryTo("r9:eth0"), { code: "ROUTER_UNKNOWN", hint: "it has r1, r2" });
  t.strictSame(machine.calls, []);
});

t.test("it waits its turn", async (t) => {
  const machine = await bringUp(pair);
  using _ = lockLab({ lab: "seed-pair", command: "down" }, machine.environment.directories);
  await t.rejects(change(machine, { type: "link-down" }), { code: "LAB_LOCKED" });
  t.strictSame(machine.calls, []);
});
