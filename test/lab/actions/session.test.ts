import t from "tap";
import { act } from "../../../src/lab/act.ts";
import { type ResetType, resetsOf } from "../../../src/lab/resets.ts";
import { planOf, shippedPlan } from "../../support/lab-status.ts";
import type { FakeMachine } from "../fake-machine.ts";
import { bringUp } from "../running.ts";

const { signal } = new AbortController();

async function reset(
  machine: FakeMachine,
  { lab = "seed-pair", subject = "r1:eth0", type = "hard" as ResetType } = {},
): Promise<void> {
  const choose = ({ plan }: { plan: Parameters<typeof resetsOf>[0] }) => resetsOf(plan, { subject, type });
  await act(lab, { command: "reset", choose, signal }, machine.environment);
}

t.test("a session of ours is reset, or asked for its routes, from one side or both", async (t) => {
  const machine = await bringUp(shippedPlan("seed-pair"));
  await reset(machine);
  const hard = { type: "reset", router: "r1", session: "eth0", communication: "reset by fe80" };
  t.strictSame(machine.commands.splice(0), [hard]);
  const refresh = (router: string) => ({ type: "refresh", router, session: "eth0" });
  for (const [type, routers] of [
    ["in", ["r1"]],
    ["out", ["r2"]],
    ["both", ["r1", "r2"]],
  ] as const) {
    await reset(machine, { type });
    t.strictSame(machine.commands.splice(0), routers.map(refresh));
  }
});

t.test("a router's name stands for all of its sessions", async (t) => {
  const machine = await bringUp(
    planOf("name: lab\nrouters: [r1, r2, r3]\nlinks: [r1 -- r2, [r1, r2, r3]]\n"),
  );
  await reset(machine, { lab: "lab", subject: "r1" });
  t.match(machine.commands, [{ session: "eth0" }, { session: "eth1/fe80::2" }, { session: "eth1/fe80::3" }]);
  t.equal(machine.commands.length, 3);
  machine.commands.length = 0;
  await reset(machine, { lab: "lab", subject: "r1:eth1/fe80::3", type: "out" });
  t.match(machine.commands, [{ type: "refresh", router: "r3", session: "eth0/fe80::1" }]);
});

t.test("a session or router that is not there is named, with what there is", async (t) => {
  const machine = await bringUp(shippedPlan("seed-pair"));
  await t.rejects(reset(machine, { subject: "r1:eth9" }), {
    code: "SESSION_UNKNOWN",
    hint: "it has r1:eth0",
  });
  await t.rejects(reset(machine, { subject: "r9" }), { code: "ROUTER_UNKNOWN", hint: "it has r1, r2" });
});
