import { execFileSync } from "node:child_process";
import t, { type Test } from "tap";
import { inNetns } from "../../../src/linux/netns.ts";
import { Poller } from "../../../src/linux/poller.ts";
import { addAddress, deleteAddress } from "../../../src/linux/rtnetlink/address.ts";
import { BulkRoutes, type RouteChange } from "../../../src/linux/rtnetlink/bulk-routes.ts";
import { deleteLink, setLinkDown, setLinkUp } from "../../../src/linux/rtnetlink/link.ts";
import { type RtnetlinkEvent, RtnetlinkMonitor } from "../../../src/linux/rtnetlink/monitor.ts";
import { Rtnetlink } from "../../../src/linux/rtnetlink/rtnetlink.ts";
import type { Address } from "../../../src/net/address.ts";
import { netns, pair } from "../sandbox.ts";

/** What is heard of namespaces, each with a list of its own. */
function listen(t: Test) {
  const poller = new Poller();
  const monitor = new RtnetlinkMonitor(poller);
  let wake = () => {};
  t.teardown(() => {
    monitor[Symbol.dispose]();
    poller[Symbol.dispose]();
  });
  return (at: string | null) => {
    const events: RtnetlinkEvent[] = [];
    const hear = (event: RtnetlinkEvent) => {
      events.push(event);
      wake();
    };
    const watch = monitor.watch(at, hear, { routes: true });
    /** Waits until something was heard, and forgets all until then. */
    const until = async <T>(find: (event: RtnetlinkEvent) => T | undefined | false): Promise<T> => {
      for (;;) {
        while (events.length > 0) {
          const found = find(events.shift() as RtnetlinkEvent);
          if (found) return found;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    };
    return { until, events, [Symbol.dispose]: () => watch[Symbol.dispose]() };
  };
}

/** By the hand of another program. */
const ip = (at: string, ...lines: string[]) =>
  execFileSync("ip", ["-n", at.slice("/run/netns/".length), "-batch", "-"], { input: lines.join("\n") });

const to = (prefixes: number[], target: RouteChange["target"]): RouteChange => ({
  family: 4,
  prefixes: Uint8Array.from(prefixes),
  target,
});

const routeTo = (event: RtnetlinkEvent) => event.type === "route" && event.route.prefix;

t.test("a link that loses and regains its peer is told of, and an address", async (t) => {
  const [a, b] = pair(t).ends;
  using near = listen(t)(a.netns);
  using far = Rtnetlink.open(b.netns);
  const isRunning = (running: boolean) => (event: RtnetlinkEvent) =>
    event.type === "link" && event.link.ifname === "eth0" && event.link.running === running;
  far.request([setLinkDown("eth0")]);
  t.ok(await near.until(isRunning(false)));
  far.request([setLinkUp("eth0")]);
  t.ok(await near.until(isRunning(true)));
  const added = { ifindex: 100, address: "fe80::7" as Address, length: 64 };
  using own = Rtnetlink.open(a.netns);
  const of = (type: string) => (event: RtnetlinkEvent) =>
    event.type === type && "address" in event && event.address.address === added.address && event.address;
  own.request([addAddress(added)]);
  t.same(await near.until(of("address")), { ...added, tentative: false });
  own.request([deleteAddress(added)]);
  t.same(await near.until(of("addressDeleted")), { ...added, tentative: false });
  far.request([deleteLink("eth0")]);
  t.match(await near.until((event) => event.type === "linkDeleted" && event.link), { ifindex: 100 });
});

t.test("of each namespace those are told who watch it, until they do no more", async (t) => {
  const [a, b] = [netns(t), netns(t)];
  const watch = listen(t);
  using first = watch(a);
  using second = watch(b);
  const again = watch(a);
  const up = (at: string) => {
    using rtnetlink = Rtnetlink.open(at);
    rtnetlink.request([setLinkUp("lo")]);
  };
  const isUp = (event: RtnetlinkEvent) => event.type === "link" && event.link.up;
  up(a);
  t.ok(await first.until(isUp));
  t.ok(await again.until(isUp));
  t.same(second.events, []);
  again[Symbol.dispose]();
  const heard = again.events.length;
  first.events.length = 0;
  up(b);
  t.ok(await second.until(isUp));
  // A late word of its own addresses may come, which the kernel tells of from a task of its own.
  t.notOk(first.events.some(({ type }) => type === "link"));
  t.equal(again.events.length, heard);
});

t.test("the thread's own namespace has no name, and is told of, too", async (t) => {
  const path = netns(t);
  using own = inNetns(path, () => listen(t)(null));
  ip(path, "link set lo up");
  t.ok(await own.until((event) => event.type === "link" && event.link.up));
});

t.test("what others do to routes of ours and of people is heard, and what we do is not", async (t) => {
  const [a] = pair(t).ends;
  using monitor = listen(t)(a.netns);
  using one = BulkRoutes.open(a.netns);
  using another = BulkRoutes.open(a.netns);
  const target = [{ ifindex: 100, gateway: "fe80::2" as Address }];
  one.apply([to([8, 10, 16, 10, 1], target), { ...to([0], target), family: 6 }]);
  another.apply([to([16, 10, 2], target)]);
  ip(a.netns, "route add 10.8.0.0/16 via inet6 fe80::2 dev eth0 proto 81");
  ip(a.netns, "route add 10.9.0.0/16 via inet6 fe80::2 dev eth0");
  ip(a.netns, "route del 10.0.0.0/8", "route del ::/0", "route del 10.9.0.0/16");
  const heard: string[] = [];
  while (heard.length < 4) heard.push(await monitor.until(routeTo));
  t.same(heard, ["10.9.0.0/16", "10.0.0.0/8", "::/0", "10.9.0.0/16"]);
});

t.test("routes are told of only once they were asked for", async (t) => {
  const [a] = pair(t).ends;
  using poller = new Poller();
  using monitor = new RtnetlinkMonitor(poller);
  const heard: RtnetlinkEvent[] = [];
  const watching = (routes: boolean) => monitor.watch(a.netns, (event) => void heard.push(event), { routes });
  using _ = watching(false);
  ip(a.netns, "route add 10.8.0.0/16 via inet6 fe80::2 dev eth0");
  const { promise, resolve } = Promise.withResolvers<void>();
  using end = monitor.watch(a.netns, (event) => event.type === "route" && resolve(), { routes: true });
  ip(a.netns, "route add 10.9.0.0/16 via inet6 fe80::2 dev eth0");
  await promise;
  t.same(
    heard.flatMap((event) => routeTo(event) || []),
    ["10.9.0.0/16"],
  );
  t.ok(end);
});

t.test("whoever cannot be told of all is told that it missed something, and hears again", async (t) => {
  const path = netns(t);
  using heard = listen(t)(path);
  using rtnetlink = Rtnetlink.open(path);
  const flaps = Array.from({ length: 8000 }, () => [setLinkUp("lo"), setLinkDown("lo")]);
  rtnetlink.request(flaps.flat());
  t.ok(await heard.until(({ type }) => type === "overrun"));
  rtnetlink.request([addAddress({ ifindex: 1, address: "10.7.7.7" as Address, length: 32 })]);
  t.ok(await heard.until((event) => event.type === "address" && event.address.address === "10.7.7.7"));
});
