import { spawnSync } from "node:child_process";
import t from "tap";
import { inNetns, netnsPath } from "../../../src/linux/netns.ts";
import type { Frame } from "../../../src/runtime/runtime.ts";
import { pairPlan, testLab } from "./lab.ts";

const never = new AbortController().signal;

t.test("both ends of a link see what one sends and the other receives", async (t) => {
  const { name, runtime } = testLab(t);
  await runtime.plumb(pairPlan(name), { signal: never });
  const targets = ["r1", "r2"].map((router) => ({ lab: name, router, ifname: "eth0" }));
  const frames: Frame[] = [];
  const { promise: heard, resolve } = Promise.withResolvers<void>();
  // An echo request to all nodes, and its answer.
  const isEcho = ({ octets }: Frame) => octets[20] === 58 && [128, 129].includes(octets[54] ?? 0);
  using _ = await runtime.tap(targets, (frame) => {
    if (isEcho(frame)) frames.push(frame);
    if (frames.length === 4) resolve();
  });
  const { status } = inNetns(netnsPath(`fe80.${name}.r1`), () =>
    spawnSync("ping", ["-c1", "-W5", "fe80::2%eth0"]),
  );
  t.equal(status, 0);
  await heard;
  const seen = frames.map(
    ({ target, sent, octets }) => `${target.router} ${sent ? "sent" : "received"} ${octets[54]}`,
  );
  t.strictSame(seen.sort(), ["r1 received 129", "r1 sent 128", "r2 received 128", "r2 sent 129"]);
});

t.test("an interface that is not there is an error, and one that goes down is none", async (t) => {
  const { name, runtime } = testLab(t);
  await runtime.plumb(pairPlan(name), { signal: never });
  const target = { lab: name, router: "r1", ifname: "eth0" };
  await t.rejects(
    runtime.tap([target, { ...target, ifname: "eth9" }], () => {}),
    {
      code: "SYSTEM_CALL_FAILED",
      message: /^find link eth9 in .*r1: ENODEV .no such device/,
    },
  );
  let frames = 0;
  using _ = await runtime.tap([target], () => frames++);
  await runtime.setInterface(target, { type: "down" });
  await runtime.setInterface(target, { type: "up", addresses: [] });
  while (frames === 0) {
    inNetns(netnsPath(`fe80.${name}.r2`), () => spawnSync("ping", ["-c1", "-W1", "ff02::1%eth0"]));
    await new Promise(setImmediate);
  }
  t.ok(frames > 0);
});
