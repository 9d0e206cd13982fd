import t from "tap";
import { PacketRecord } from "../../src/lab/packet-record.ts";
import { RemovalError } from "../../src/runtime/errors.ts";
import { planOf } from "../support/lab-status.ts";
import { FakeMachine } from "./fake-machine.ts";

t.test("each frame is recorded once, on links of two and of more", async (t) => {
  const machine = new FakeMachine();
  machine.frames = (targets) =>
    targets.flatMap((target) => [true, false].map((sent) => ({ target, sent, octets: Uint8Array.of(1) })));
  const plan = planOf("name: lab\nrouters: [r1, r2, r3]\nlinks: [r1 -- r2, [r1, r2, r3]]\n");
  {
    using record = new PacketRecord();
    t.match(record.file, /the network was not there/);
    await record.begin(plan, machine.environment);
    t.equal(record.file.length, 1 + 2 + 3, "a header, both directions of a link, what three have sent");
  }
  t.match(machine.calls, [/^tap r1:eth0 r1:eth1 r2:eth1 r3:eth0 by \d+$/, "untap"]);
});

t.test("what cannot be recorded is told", async (t) => {
  const machine = new FakeMachine();
  using large = new PacketRecord();
  const star = planOf("name: lab\nrouters: ['r[1-600]']\nlinks: ['r1 -- r[2-600]']\n");
  await large.begin(star, machine.environment);
  t.match(large.file, "packets are not recorded in a lab of more than 512 links");
  machine.tap = async () => {
    throw new RemovalError("no more sockets");
  };
  using refused = new PacketRecord();
  await refused.begin(planOf("name: lab\nrouters: [r1, r2]\nlinks: [r1 -- r2]\n"), machine.environment);
  t.equal(refused.file, "packets could not be recorded: no more sockets");
});
