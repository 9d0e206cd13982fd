import t from "tap";
import { addAddress } from "../../../src/linux/rtnetlink/address.ts";
import { BulkRoutes, type RouteChange } from "../../../src/linux/rtnetlink/bulk-routes.ts";
import { RTPROT_FE80, RTPROT_STATIC } from "../../../src/linux/rtnetlink/route.ts";
import { type RouteEvent, RouteMonitor } from "../../../src/linux/rtnetlink/route-monitor.ts";
import { Rtnetlink } from "../../../src/linux/rtnetlink/rtnetlink.ts";
import type { Address } from "../../../src/net/address.ts";
import { pair } from "../sandbox.ts";

const target = [{ ifindex: 100, gateway: "fe80::2" as Address }];
const to = (prefixes: number[], where: RouteChange["target"] = target): RouteChange => ({
  family: 4,
  prefixes: Uint8Array.from(prefixes),
  target: where,
});

const prefixesOf = (events: readonly RouteEvent[]) =>
  events.map((event) => (event.type === "route" ? event.route.prefix : event.type));

t.test("what others do to routes is heard, and what the given socket does is not", async (t) => {
  const [a] = pair(t).ends;
  using own = BulkRoutes.open(a.netns);
  using other = BulkRoutes.open(a.netns);
  using monitor = RouteMonitor.open(a.netns, {
    protocols: [RTPROT_FE80],
    except: own.port,
    interfaces: false,
  });
  own.apply([to([8, 10, 16, 10, 1]), { ...to([0]), family: 6 }]);
  t.same(monitor.receive(), []);
  other.apply([to([8, 10], [{ ifindex: 100, gateway: "fe80::3" as Address }]), to([16, 10, 1], [])]);
  t.same(prefixesOf(monitor.receive()), ["10.0.0.0/8", "10.1.0.0/16"]);
  own.apply([to([8, 10], [])]);
  other.apply([{ ...to([0], []), family: 6 }]);
  t.same(prefixesOf(monitor.receive()), ["::/0"]);
});

t.test("routes of other protocols, and interfaces, are heard only if they were asked for", async (t) => {
  const [a] = pair(t).ends;
  using own = BulkRoutes.open(a.netns);
  using rtnetlink = Rtnetlink.open(a.netns);
  const open = (protocols: number[], interfaces: boolean) =>
    RouteMonitor.open(a.netns, { protocols, except: own.port, interfaces });
  using few = open([RTPROT_STATIC], false);
  using all = open([RTPROT_STATIC, RTPROT_FE80], true);
  using other = BulkRoutes.open(a.netns);
  other.apply([to([8, 10])]);
  rtnetlink.request([addAddress({ ifindex: 100, address: "10.9.0.1" as Address, length: 24 })]);
  t.same(few.receive(), []);
  // The kernel may tell only now of the link-local address that was there before.
  t.same(new Set(prefixesOf(all.receive())), new Set(["10.0.0.0/8", "interface"]));
});

t.test("a flood of others' changes ends in one word that some were lost", async (t) => {
  const [a] = pair(t).ends;
  using other = BulkRoutes.open(a.netns);
  using monitor = RouteMonitor.open(a.netns, { protocols: [RTPROT_FE80], except: 0, interfaces: false });
  const many = Array.from({ length: 20_000 }, (_, n) => [24, 10, n >> 8, n & 255]).flat();
  other.apply([to(many), to(many, [])]);
  t.ok(monitor.receive().some(({ type }) => type === "overrun"));
  t.same(monitor.receive(), []);
});
