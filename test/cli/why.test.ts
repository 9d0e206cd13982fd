import t from "tap";
import { ControlError } from "../../src/bgp/control/client.ts";
import type { Address } from "../../src/net/address.ts";
import { bringUp } from "../lab/running.ts";
import { shippedPlan } from "../support/lab-status.ts";
import { PlannedLab } from "../support/planned-lab.ts";
import { run } from "./run.ts";

const plan = shippedPlan("seed-pair");

/** A machine on which the seed's pair is up, as far as anybody can see. */
async function machineOfPair() {
  const machine = await bringUp(plan);
  const lab = new PlannedLab(plan);
  lab.start();
  lab.clock.advance(5_000);
  machine.sessions = ["r1", "r2"].flatMap((router) => lab.router(router).session("eth0") ?? []);
  for (const [router, address] of [
    ["r1", "fe80::1"],
    ["r2", "fe80::2"],
  ] as const) {
    const addresses = [{ address: address as Address, tentative: false }];
    machine.facts.set(router, {
      interfaces: [{ ifname: "eth0", up: true, running: true, addresses, dropping: false }],
      listening: true,
      drops: { md5: 0, hopLimit: 0 },
    });
  }
  return machine;
}

t.test("why of a session that is up finds nothing", async (t) => {
  const { exit, out } = await run(["why", "seed-pair", "r1:eth0"], await machineOfPair());
  t.equal(exit, 0);
  t.equal(out[0], "r1:eth0 with r2:eth0 is Established");
  t.equal(out.at(-1), "nothing is wrong with it");
});

t.test("why of a session fails with the cause", async (t) => {
  const machine = await machineOfPair();
  machine.facts.delete("r2");
  const { exit, out } = await run(["why", "seed-pair", "r2:eth0", "-f", "json"], machine);
  t.equal(exit, 1);
  t.match(JSON.parse(out.join("\n")), { cause: { step: "router", text: "the namespace of r2 is gone" } });
});

t.test("a speaker that does not answer is a cause, not an error", async (t) => {
  const machine = await machineOfPair();
  machine.onRead = async () => {
    throw new ControlError("the speaker cannot be asked: ECONNREFUSED");
  };
  const { exit, out } = await run(["why", "seed-pair", "r1:eth0"], machine);
  t.equal(exit, 1);
  t.match(out.join("\n"), /FAIL +speaker +the speaker of r1 does not answer: the speaker cannot be asked/);
});

t.test("why of a route asks each router on its way", async (t) => {
  const machine = await machineOfPair();
  const prefix = plan.expectation.routes.find(({ router, via }) => router === "r2" && via === null)?.prefix;
  const { exit, out } = await run(["why", "seed-pair", "r1", `${prefix}`], machine);
  t.equal(exit, 1, "the machine tells nothing of routes in detail");
  t.match(out[0], `r1 to ${prefix}`);
  t.strictSame(
    new Set(machine.queries.map(({ router, table }) => `${router} ${table}`)),
    new Set(["r1 locRib", "r1 adjRibIn", "r2 locRib", "r2 adjRibOut"]),
  );
});

t.test("what why cannot answer is a mistake in the arguments", async (t) => {
  const machine = await machineOfPair();
  const errors = async (...args: string[]) => {
    const { exit, err } = await run(["why", "seed-pair", ...args], machine);
    return [exit, ...err];
  };
  t.strictSame(await errors("r1"), [
    2,
    "error: r1 alone says neither a session nor a route",
    "hint: fe80 why seed-pair r1:eth0, or fe80 why seed-pair r1 10.0.1.0/24",
  ]);
  t.strictSame((await errors("r1", "10.0.0.1/8")).slice(0, 2), [2, "error: 10.0.0.1/8 is not a prefix"]);
  t.match(await errors("r9", "10.0.1.0/24"), [1, "error: the lab seed-pair has no router r9"]);
  t.match(await errors("r1:eth9"), [1, "error: the lab seed-pair has no session r1:eth9"]);
});
