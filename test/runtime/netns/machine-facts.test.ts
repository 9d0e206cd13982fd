import t from "tap";
import { netnsPath } from "../../../src/linux/netns.ts";
import { setLinkDown } from "../../../src/linux/rtnetlink/link.ts";
import { Rtnetlink } from "../../../src/linux/rtnetlink/rtnetlink.ts";
import { plumb } from "../../../src/runtime/netns/plumb.ts";
import { pairPlan, testLab } from "./lab.ts";

const { signal } = new AbortController();

t.test("a router's namespace tells of its interfaces, sockets and routes", async (t) => {
  const { name: lab, runtime } = testLab(t);
  await plumb(pairPlan(lab), { signal });
  const facts = await runtime.machineFacts({ lab, router: "r1" });
  t.match(facts, { listening: false, drops: { md5: 0, hopLimit: 0 } });
  const eth0 = () => facts?.interfaces.find(({ ifname }) => ifname === "eth0");
  t.match(eth0(), { up: true, running: true, addresses: [{ address: "fe80::1", tentative: false }] });
  const routes = await runtime.kernelRoutes({ lab, router: "r1" });
  t.match(
    routes.filter(({ nextHops }) => nextHops.some(({ via }) => via === "eth0")),
    [{ prefix: "fe80::/64", nextHops: [{ via: "eth0", nextHop: null }] }],
  );

  using rtnetlink = Rtnetlink.open(netnsPath(`fe80.${lab}.r2`));
  rtnetlink.request([setLinkDown("eth0")]);
  const near = await runtime.machineFacts({ lab, router: "r1" });
  const far = await runtime.machineFacts({ lab, router: "r2" });
  t.match(
    near?.interfaces.find(({ ifname }) => ifname === "eth0"),
    { up: true, running: false },
  );
  t.match(
    far?.interfaces.find(({ ifname }) => ifname === "eth0"),
    { up: false, addresses: [], dropping: false },
  );
  await runtime.setDropping({ lab, router: "r2", ifname: "eth0" }, true);
  t.match((await runtime.machineFacts({ lab, router: "r2" }))?.interfaces, [
    { ifname: "lo", dropping: false },
    { ifname: "eth0", dropping: true },
  ]);
});

t.test("nothing is known of a namespace that is not there", async (t) => {
  const { name: lab, runtime } = testLab(t);
  t.equal(await runtime.machineFacts({ lab, router: "r1" }), undefined);
  t.strictSame(await runtime.kernelRoutes({ lab, router: "r1" }), []);
});
