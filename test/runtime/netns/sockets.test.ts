import { readdirSync } from "node:fs";
import t from "tap";
import { inNetns, netnsPath } from "../../../src/linux/netns.ts";
import { Sockets } from "../../../src/runtime/netns/sockets.ts";
import { pairPlan, testLab } from "./lab.ts";

const never = new AbortController().signal;
const openFiles = () => readdirSync("/proc/self/fd").length;

t.test("a namespace's socket is made once, and closed in the end", async (t) => {
  const { name, runtime } = testLab(t);
  const before = openFiles();
  await runtime.plumb(pairPlan(name), { signal: never });
  t.equal(openFiles(), before, "what is kept open would keep a namespace that is deleted");
  const [r1, r2] = [netnsPath(`fe80.${name}.r1`), netnsPath(`fe80.${name}.r2`)];
  {
    using sockets = new Sockets();
    const used = new Set<unknown>();
    for (let round = 0; round < 3; round++) sockets.use(r1, (rtnetlink) => used.add(rtnetlink));
    inNetns(r2, () => {
      sockets.use(r2, (rtnetlink) => used.add(rtnetlink), { isInside: true });
    });
    t.equal(used.size, 2);
    t.equal(openFiles(), before + 2);
    sockets.use(r2, (rtnetlink) => t.ok(rtnetlink.links().some(({ mac }) => mac === "02:fe:80:00:00:02")));
  }
  t.equal(openFiles(), before);
});
