import t from "tap";
import { daemonsFor } from "../../src/lab/lab-directory.ts";
import { tryPings } from "../../src/lab/pings.ts";
import type { Frame } from "../../src/runtime/runtime.ts";
import { planOf } from "../support/lab-status.ts";
import { bringUp } from "./running.ts";

const plan = planOf(
  "name: lab\nrouters: { r1: { originate: [10.0.1.0/24] }, r2: , r3: { originate: [10.0.3.0/24] } }\nlinks: [r1 -- r2, r2 -- r3]\n",
);
const check = { type: "ping", router: "r1", to: "r3", reaches: true, through: [{ router: "r2" }] } as const;

/** An echo request from 10.0.1.1 to 10.0.3.1 at an interface. */
function frame(
  router: string,
  ifname: string,
  { sent, hopLimit }: { sent: boolean; hopLimit: number },
): Frame {
  const ttl = hopLimit.toString(16);
  const text = `02fe80000002 02fe80000001 0800 4500001c00004000 ${ttl} 01 0000 0a000101 0a000301 0800 f7ff 0000 0000`;
  return {
    target: { lab: "lab", router, ifname },
    sent,
    octets: Buffer.from(text.replaceAll(" ", ""), "hex"),
  };
}

const all = [
  frame("r1", "eth0", { sent: true, hopLimit: 64 }),
  frame("r2", "eth0", { sent: false, hopLimit: 64 }),
  frame("r2", "eth1", { sent: true, hopLimit: 63 }),
  frame("r3", "eth0", { sent: false, hopLimit: 63 }),
];

async function tried(frames: readonly Frame[], through: readonly { router: string }[]) {
  const machine = await bringUp(plan);
  machine.calls.length = 0;
  machine.frames = () => [...frames];
  const { environment } = machine;
  const asked = {
    plan,
    daemons: daemonsFor(plan, environment),
    environment,
    signal: new AbortController().signal,
  };
  const mismatch = await tryPings(asked, { ...check, through });
  t.match(machine.calls[0], /^tap r1:eth0 r2:eth0 r2:eth1 r3:eth0 by \d+$/);
  t.equal(machine.calls.at(-1), "untap");
  return mismatch;
}

t.test("the way of a request is seen at every interface of the lab", async (t) => {
  t.equal(await tried(all, [{ router: "r2" }]), undefined);
  t.equal(await tried(all, []), "r1 reaches r3 through r2:eth1, expected directly");
});

t.test("a way that is not seen whole in time is not as it should be", async (t) => {
  t.equal(
    await tried(all.slice(0, 2), [{ router: "r2" }]),
    "r1 reaches r3, but the request from 10.0.1.1 to 10.0.3.1 was only seen to leave r1",
  );
});
