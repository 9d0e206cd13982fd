import t from "tap";
import { announce } from "../../src/lab/announce.ts";
import { readRecord } from "../../src/lab/lab-directory.ts";
import { lockLab } from "../../src/lab/lock.ts";
import { shippedPlan } from "../support/lab-status.ts";
import { bringUp } from "./running.ts";

const { signal } = new AbortController();
const target = { type: "announce", lab: "seed-pair", router: "r1", prefixes: ["10.9.0.0/16"] } as const;

t.test("what a router announces is told to it, and is on record", async (t) => {
  const { environment, ...machine } = await bringUp(shippedPlan("seed-pair"));
  t.equal(await announce(target, { signal }, environment), true);
  t.match(machine.commands, [{ type: "reconfigure", router: "r1", config: { originate: /10.9.0.0\/16/ } }]);
  t.equal(await announce(target, { signal }, environment), false);
  t.equal(machine.commands.length, 1);
  const { plan } = await readRecord("seed-pair", environment);
  t.ok(plan.nodes[0]?.loopback.some((address) => address === "10.9.0.1"));
  t.ok(plan.expectation.openPrefixes?.some((prefix) => prefix === "10.9.0.0/16"));
});

t.test("what cannot be is a mistake with a hint, and waits its turn else", async (t) => {
  const { environment } = await bringUp(shippedPlan("seed-pair"));
  await t.rejects(announce({ ...target, router: "r9" }, { signal }, environment), { code: "ROUTER_UNKNOWN" });
  await t.rejects(announce({ ...target, prefixes: ["10/8"] }, { signal }, environment), {
    code: "ARGUMENT_INVALID",
  });
  using _ = lockLab({ lab: "seed-pair", command: "up" }, environment.directories);
  await t.rejects(announce(target, { signal }, environment), { code: "LAB_LOCKED" });
});
