import t from "tap";
import type { LinkState } from "../../../src/bgp/speaker/host.ts";
import { KernelLinks } from "../../../src/bgp/speaker/kernel-links.ts";
import { Poller } from "../../../src/linux/poller.ts";
import { addAddress, deleteAddress } from "../../../src/linux/rtnetlink/address.ts";
import { deleteLink, setLinkDown, setLinkUp } from "../../../src/linux/rtnetlink/link.ts";
import { RtnetlinkMonitor } from "../../../src/linux/rtnetlink/monitor.ts";
import { Rtnetlink } from "../../../src/linux/rtnetlink/rtnetlink.ts";
import type { Address } from "../../../src/net/address.ts";
import { pause, systemClock } from "../../../src/std/clock.ts";
import { type Pair, pair, veth } from "../../linux/sandbox.ts";

const second = { ifindex: 100, address: "fe80::7" as Address, length: 64 };

/** What is told of eth0 in the first namespace of a pair. */
function follow({ ends: [a] }: Pair, poller: Poller) {
  const told: LinkState[] = [];
  let wake = () => {};
  const monitor = new RtnetlinkMonitor(poller);
  const links = new KernelLinks(a.netns, monitor, (link) => {
    if (link.ifname !== "eth0") return;
    told.push(link);
    wake();
  });
  /** Waits for word of eth0 that is as wished. */
  const until = async (wished: (link: LinkState) => boolean): Promise<LinkState> => {
    for (;;) {
      const found = told.find(wished);
      if (found) return found;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const stop = () => {
    links[Symbol.dispose]();
    monitor[Symbol.dispose]();
  };
  return { told, until, [Symbol.dispose]: stop };
}

t.test("the oldest link-local address stands for the interface, the next one after it", async (t) => {
  const made = pair(t);
  const [a] = made.ends;
  using poller = new Poller();
  using followed = follow(made, poller);
  const { told, until } = followed;
  using kernel = Rtnetlink.open(a.netns);
  kernel.request([addAddress(second)]);
  const usable = () =>
    kernel.addresses().some(({ address, tentative }) => address === second.address && !tentative);
  while (!usable()) await pause(systemClock, 1, AbortSignal.timeout(10_000));
  kernel.request([deleteAddress({ ...a, length: 64 })]);
  t.match(await until(({ linkLocal }) => linkLocal === second.address), { running: true });
  kernel.request([deleteAddress(second)]);
  told.length = 0;
  t.match(await until(({ linkLocal }) => linkLocal === undefined), { running: true });
});

t.test("an interface that is deleted is gone, and one made under its name and index is new", async (t) => {
  const made = pair(t);
  const [a] = made.ends;
  using poller = new Poller();
  using followed = follow(made, poller);
  const { told, until } = followed;
  using kernel = Rtnetlink.open(a.netns);
  kernel.request([deleteLink("eth0")]);
  t.match(await until(({ gone }) => gone === true), { ifindex: 100, running: false, linkLocal: undefined });
  told.length = 0;
  veth(made.ends);
  kernel.request([setLinkUp("eth0"), addAddress(second)]);
  const anew = await until(({ linkLocal }) => linkLocal !== undefined);
  t.equal(anew.linkLocal, second.address);
  t.notOk(told.some(({ gone }) => gone));
});

t.test(
  "what happened while events were lost is found out: an address that went, an interface too",
  async (t) => {
    const made = pair(t);
    const [a] = made.ends;
    using poller = new Poller();
    using followed = follow(made, poller);
    const { told, until } = followed;
    using kernel = Rtnetlink.open(a.netns);
    // Nothing is read meanwhile, for this takes the thread.
    const flood = () =>
      kernel.request(Array.from({ length: 4000 }, () => [setLinkDown("lo"), setLinkUp("lo")]).flat());
    flood();
    kernel.request([addAddress(second), deleteAddress({ ...a, length: 64 })]);
    await until(({ linkLocal }) => linkLocal === second.address);
    t.equal(told.at(-1)?.linkLocal, second.address);
    flood();
    kernel.request([deleteLink("eth0")]);
    t.match(await until(({ gone }) => gone === true), { linkLocal: undefined });
  },
);
