import t from "tap";
import { Poller } from "../../../src/linux/poller.ts";
import { addAddress, deleteAddress } from "../../../src/linux/rtnetlink/address.ts";
import { deleteLink, getLink, setLinkDown, setLinkUp } from "../../../src/linux/rtnetlink/link.ts";
import { type RtnetlinkEvent, RtnetlinkMonitor } from "../../../src/linux/rtnetlink/monitor.ts";
import { Rtnetlink } from "../../../src/linux/rtnetlink/rtnetlink.ts";
import type { Address } from "../../../src/net/address.ts";
import { netns, pair } from "../sandbox.ts";

t.test("a link that loses and regains its peer is told of", async (t) => {
  const [a, b] = pair(t).ends;
  using monitor = RtnetlinkMonitor.open(a.netns);
  using near = Rtnetlink.open(a.netns);
  using far = Rtnetlink.open(b.netns);
  const running = () => {
    near.request([getLink("eth0")]);
    const links = monitor.receive().flatMap((event) => (event.type === "link" ? [event.link] : []));
    return links.at(-1)?.running;
  };
  far.request([setLinkDown("eth0")]);
  t.equal(running(), false);
  far.request([setLinkUp("eth0")]);
  t.equal(running(), true);
  far.request([deleteLink("eth0")]);
  t.match(monitor.receive().at(-1), { type: "linkDeleted", link: { ifindex: 100, ifname: "eth0" } });
});

t.test("addresses that come and go are told of", async (t) => {
  const [a] = pair(t).ends;
  using monitor = RtnetlinkMonitor.open(a.netns);
  using rtnetlink = Rtnetlink.open(a.netns);
  using poller = new Poller();
  const address = { ifindex: 100, address: "fe80::7" as Address, length: 64 };
  const seen = { ...address, tentative: false };
  rtnetlink.request([addAddress(address)]);
  t.same(await heard(monitor, poller, address.address), [{ type: "address", address: seen }]);
  rtnetlink.request([deleteAddress(address)]);
  t.same(await heard(monitor, poller, address.address), [{ type: "addressDeleted", address: seen }]);
  t.same(monitor.receive(), []);
});

/** The next events of one address. The kernel tells of a new one from a task of its own, a little after the address is there. */
function heard(monitor: RtnetlinkMonitor, poller: Poller, of: Address): Promise<RtnetlinkEvent[]> {
  return new Promise((resolve) => {
    const watch = poller.watch(monitor.fd, () => {
      const events = monitor.receive().filter((event) => "address" in event && event.address.address === of);
      if (events.length === 0) return;
      watch[Symbol.dispose]();
      resolve(events);
    });
  });
}

t.test("a reader that is too slow is told that it missed something, and hears again", async (t) => {
  const path = netns(t);
  using monitor = RtnetlinkMonitor.open(path);
  using rtnetlink = Rtnetlink.open(path);
  const flaps = Array.from({ length: 4000 }, () => [setLinkUp("lo"), setLinkDown("lo")]);
  rtnetlink.request(flaps.flat());
  const events = monitor.receive();
  t.equal(events.filter(({ type }) => type === "overrun").length, 1);
  rtnetlink.request([setLinkUp("lo")]);
  t.match(monitor.receive(), [{ type: "link", link: { ifname: "lo", up: true } }]);
});
