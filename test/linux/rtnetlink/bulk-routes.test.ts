import t from "tap";
import { addAddress } from "../../../src/linux/rtnetlink/address.ts";
import { BulkRoutes, type RouteChange } from "../../../src/linux/rtnetlink/bulk-routes.ts";
import { type RouteTarget, RTPROT_FE80 } from "../../../src/linux/rtnetlink/route.ts";
import { Rtnetlink } from "../../../src/linux/rtnetlink/rtnetlink.ts";
import { type Address, familyOf } from "../../../src/net/address.ts";
import { type Prefix, prefix, prefixParts } from "../../../src/net/prefix.ts";
import { pair } from "../sandbox.ts";

/** Over the one link that there is. */
const via = (...gateways: string[]): RouteTarget =>
  gateways.map((gateway) => ({ ifindex: 100, gateway: gateway as Address }));

/** A change of one family's prefixes. */
function change(texts: readonly string[], target: RouteTarget): RouteChange {
  const parts = texts.map((text) => prefixParts(prefix(text)));
  const octets = parts.flatMap(({ octets, length }) => [
    length,
    ...octets.subarray(0, Math.ceil(length / 8)),
  ]);
  return { family: familyOf(parts[0]?.address as Address), prefixes: Uint8Array.from(octets), target };
}

const one = (text: string, target: RouteTarget) => change([text], target);

/** What the kernel has of ours, as one would say it. */
function installed(rtnetlink: Rtnetlink): Record<string, unknown> {
  const routes = [...rtnetlink.routes(RTPROT_FE80)].map(({ prefix, target }): [string, unknown] => [
    prefix,
    target === "blackhole" ? target : target.map(({ gateway }) => gateway).join(" "),
  ]);
  return Object.fromEntries(routes);
}

t.test(
  "routes of both families go through a link-local gateway (RFC 8950), and are taken away",
  async (t) => {
    const [a] = pair(t).ends;
    using rtnetlink = Rtnetlink.open(a.netns);
    using routes = BulkRoutes.open(a.netns);
    const texts = [
      ["10.1.0.0/16", "10.2.0.0/17", "0.0.0.0/0", "10.3.3.3/32"],
      ["2001:db8::/48", "::/0", "2001:db8::1/128"],
    ];
    t.same(routes.apply(texts.map((of) => change(of, via("fe80::2")))).refusals, []);
    const expected = Object.fromEntries(texts.flat().map((text) => [text, "fe80::2"]));
    t.same(installed(rtnetlink), expected);
    t.same(routes.apply(texts.map((of) => change(of, []))).refusals, []);
    t.same(installed(rtnetlink), {});
  },
);

t.test("a route goes where it was last told to go, alone, by several ways or nowhere", async (t) => {
  const [a] = pair(t).ends;
  using rtnetlink = Rtnetlink.open(a.netns);
  using routes = BulkRoutes.open(a.netns);
  const targets = [
    via("fe80::2"),
    via("fe80::2", "fe80::3"),
    via("fe80::4", "fe80::5", "fe80::6"),
    via("fe80::6", "fe80::7"),
    "blackhole",
    via("fe80::2", "fe80::3"),
    via("fe80::3"),
    "blackhole",
    via("fe80::2"),
  ] as const;
  for (const target of targets) {
    t.same(routes.apply(["10.1.0.0/16", "2001:db8::/48"].map((text) => one(text, target))).refusals, []);
    const shown = target === "blackhole" ? target : target.map(({ gateway }) => gateway).join(" ");
    t.same(installed(rtnetlink), { "10.1.0.0/16": shown, "2001:db8::/48": shown });
  }
  for (const target of [via("fe80::2", "fe80::3"), "blackhole"] as const) {
    routes.apply(["10.1.0.0/16", "2001:db8::/48"].map((text) => one(text, target)));
    t.same(routes.apply(["10.1.0.0/16", "2001:db8::/48"].map((text) => one(text, []))).refusals, []);
    t.same(installed(rtnetlink), {});
  }
});

t.test("what the kernel refuses is named, and all else is done", async (t) => {
  const [a] = pair(t).ends;
  using rtnetlink = Rtnetlink.open(a.netns);
  using routes = BulkRoutes.open(a.netns);
  const nowhere: RouteTarget = [{ ifindex: 77, gateway: "fe80::2" as Address }];
  const { refusals } = routes.apply([
    change(["10.1.0.0/16", "10.2.0.0/16"], nowhere),
    one("10.3.0.0/16", via("fe80::2")),
    one("2001:db8::/48", nowhere),
    one("10.4.0.0/16", []),
  ]);
  t.same(refusals, [
    { prefix: "10.1.0.0/16", deleting: false, error: "ENODEV" },
    { prefix: "10.2.0.0/16", deleting: false, error: "ENODEV" },
    { prefix: "2001:db8::/48", deleting: false, error: "ENODEV" },
    { prefix: "10.4.0.0/16", deleting: true, error: "ESRCH" },
  ]);
  t.same(installed(rtnetlink), { "10.3.0.0/16": "fe80::2" });
});

t.test("no route of ours takes the place of a connected one", async (t) => {
  const [a] = pair(t).ends;
  using rtnetlink = Rtnetlink.open(a.netns);
  using routes = BulkRoutes.open(a.netns);
  rtnetlink.request([
    addAddress({ ifindex: 100, address: "10.9.0.1" as Address, length: 24 }),
    addAddress({ ifindex: 100, address: "2001:db8:9::1" as Address, length: 64 }),
  ]);
  const KERNEL = 2;
  const connected = [...rtnetlink.routes(KERNEL)];
  t.ok(connected.some((r) => r.prefix === "10.9.0.0/24"));
  for (const target of [via("fe80::2"), []]) {
    t.same(routes.apply(["10.9.0.0/24", "2001:db8:9::/64"].map((text) => one(text, target))).refusals, []);
    t.same([...rtnetlink.routes(KERNEL)], connected);
  }
});

t.test("of ten thousand routes each refusal is told, and all others are there", async (t) => {
  const [a] = pair(t).ends;
  using rtnetlink = Rtnetlink.open(a.netns);
  using routes = BulkRoutes.open(a.netns);
  const texts = Array.from({ length: 10_000 }, (_, n) => `10.${n >> 8}.${n & 255}.0/24`);
  const bad = (_: string, index: number) => index % 3 === 0;
  const nowhere: RouteTarget = [{ ifindex: 77, gateway: "fe80::2" as Address }];
  const { refusals: refused } = routes.apply([
    change(texts.filter(bad), nowhere),
    change(
      texts.filter((text, index) => !bad(text, index)),
      via("fe80::2"),
    ),
  ]);
  t.same(new Set(refused.map(({ prefix }) => prefix)), new Set(texts.filter(bad)));
  const there = new Set<Prefix>([...rtnetlink.routes(RTPROT_FE80)].map(({ prefix }) => prefix));
  t.equal(there.size, texts.length - refused.length);
});
