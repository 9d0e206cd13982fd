import t from "tap";
import { defaultTimers } from "../../src/bgp/config/config.ts";
import { defaultRouting } from "../../src/topology/routing-text.ts";
import { defaultOptions } from "../../src/topology/session-options.ts";
import { topologyOf, workedMs } from "./parsing.ts";

const routersOf = (text: string) => topologyOf(`name: lab\n${text}`).routers;
const timersOf = (text: string) => routersOf(text).map(({ session }) => session.timers);
const linksOf = (text: string) =>
  topologyOf(`name: lab\nrouters: [r1, r2, r3]\n${text}`).links.map(({ ends }) =>
    ends.map(({ router, ifname }) => `${router}:${ifname}`).join(" "),
  );

t.test("a router's place gives it ASN, router id and link-local address", async (t) => {
  const routers = routersOf(
    `routers: [${Array.from({ length: 300 }, (_, index) => `r${index + 1}`).join()}]`,
  );
  t.strictSame(routers[0], {
    name: "r1",
    kind: "speaker",
    asn: 64512,
    routerId: "0.0.0.1",
    linkLocal: "fe80::1",
    originate: [],
    logLevel: "debug",
    routing: defaultRouting,
    session: defaultOptions,
  });
  const { asn, routerId, linkLocal } = routers[299] ?? {};
  t.strictSame({ asn, routerId, linkLocal }, { asn: 64811, routerId: "0.0.1.44", linkLocal: "fe80::12c" });
});

t.test("more than 1,023 routers get four-octet private ASNs", async (t) => {
  const asns = (count: number) =>
    routersOf(`routers: [${Array.from({ length: count }, (_, index) => `r${index}`).join()}]`).map(
      ({ asn }) => asn,
    );
  t.equal(asns(1023).at(-1), 65534);
  t.equal(asns(1024).at(0), 4_200_000_001);
  t.equal(asns(1024).at(-1), 4_200_001_024);
});

t.test("routers keep the order of the file, even if their names are numbers", async (t) => {
  t.strictSame(
    routersOf("routers: { 10: , 2: { }, 007: , r1: }").map(({ name, asn }) => `${name} ${asn}`),
    ["10 64512", "2 64513", "007 64514", "r1 64515"],
  );
});

t.test("a router says what it is in its body, in canonical form", async (t) => {
  const [router] = routersOf(
    'routers: { r1: { kind: bird, asn: 4200000000, router-id: 10.0.0.1, link-local: "FE80:0::00A", originate: ["2001:DB8::/32"] } }',
  );
  t.match(router, {
    kind: "bird",
    asn: 4200000000,
    routerId: "10.0.0.1",
    linkLocal: "fe80::a",
    originate: ["2001:db8::/32"],
  });
});

t.test("defaults hold for routers that say nothing else", async (t) => {
  const routers = routersOf(
    "defaults: { kind: bird, asn: 65000 }\nrouters: { r1: , r2: { asn: 65001, kind: speaker } }",
  );
  t.strictSame(
    routers.map(({ kind, asn }) => [kind, asn]),
    [
      ["bird", 65000],
      ["speaker", 65001],
    ],
  );
});

t.test("a router guards its sessions as it says, or as the defaults say", async (t) => {
  const text = "defaults: { md5: ours, gtsm: true }\nrouters: { r1: , r2: { md5: its own, gtsm: false } }";
  t.match(routersOf(text), [
    { session: { md5Key: "ours", minHopLimit: 255 } },
    { session: { md5Key: "its own", minHopLimit: null } },
  ]);
});

t.test(
  "what a link says of a session goes over what its router says, and that over the defaults",
  async (t) => {
    const { links } = topologyOf(`
name: lab
defaults: { passive: true, timers: { hold: 30 }, role: peer }
routers:
  r1: { families: [ipv6-unicast], timers: { connect-retry: 7 } }
  r2: { passive: false, remote-as: external, enforce-first-as: true }
links:
  - link: r1 -- r2
    sessions:
      r1: { remote-id: 0.0.0.2, md5: key, gtsm: true, damp-peer-oscillations: true, timers: { delay-open: 2 } }
      r2: { role: customer, strict-role: true, collision-detect-established: true, remote-as: any }
  - r2 -- r1`);
    const ofR1 = {
      ...defaultOptions,
      passive: true,
      role: "peer",
      families: [6],
      timers: { ...defaultTimers, holdTime: 30, keepaliveTime: 10, connectRetryTime: 7 },
    };
    const ofR2 = {
      ...defaultOptions,
      role: "peer",
      remoteAs: "external",
      enforceFirstAs: true,
      timers: { ...defaultTimers, holdTime: 30, keepaliveTime: 10 },
    };
    t.strictSame(
      links.map(({ ends }) => ends.map(({ session }) => session)),
      [
        [
          {
            ...ofR1,
            remoteId: "0.0.0.2",
            md5Key: "key",
            minHopLimit: 255,
            dampPeerOscillations: true,
            timers: { ...ofR1.timers, delayOpenTime: 2 },
          },
          { ...ofR2, role: "customer", strictRole: true, collisionDetectEstablished: true, remoteAs: "any" },
        ],
        [ofR2, ofR1],
      ],
    );
  },
);

t.test("timers are merged one by one", async (t) => {
  const text =
    "defaults: { timers: { hold: 30, keepalive: 5 } }\nrouters: { r1: , r2: { timers: { connect-retry: 7 } } }";
  t.strictSame(timersOf(text), [
    { ...defaultTimers, holdTime: 30, keepaliveTime: 5 },
    { ...defaultTimers, holdTime: 30, keepaliveTime: 5, connectRetryTime: 7 },
  ]);
});

t.test("a hold time without a keepalive time brings a third of itself", async (t) => {
  const text =
    "defaults: { timers: { hold: 30, keepalive: 5 } }\nrouters: { r1: { timers: { hold: 20 } }, r2: { timers: { hold: 0 } } }";
  t.strictSame(
    timersOf(text).map(({ holdTime, keepaliveTime }) => [holdTime, keepaliveTime]),
    [
      [20, 6],
      [0, 0],
    ],
  );
});

t.test("interfaces are numbered in order, without the names taken anywhere in the file", async (t) => {
  t.strictSame(linksOf("links: [r1 -- r2, r2 -- r3, r1:eth1 -- r3, r1 -- r3:eth0]"), [
    "r1:eth0 r2:eth0",
    "r2:eth1 r3:eth1",
    "r1:eth1 r3:eth2",
    "r1:eth2 r3:eth0",
  ]);
});

t.test("the long form of a link sets its MTU and interface numbers", async (t) => {
  const { links } = topologyOf(
    'name: x\nrouters: [a, b]\nlinks: [{ link: "a -- b", ifindex: 7 }, { link: a -- b, ifindex: [8, 9], mtu: 1500 }, a -- b]',
  );
  t.strictSame(
    links.map(({ ends, mtu }) => [ends.map(({ ifindex }) => ifindex), mtu]),
    [
      [[7, 7], 9500],
      [[8, 9], 1500],
      [[undefined, undefined], 9500],
    ],
  );
});

t.test("durations are seconds, or have a unit", async (t) => {
  const expectOf = (text: string) => topologyOf(`name: x\nrouters: [r1]\n${text}`).expect;
  t.strictSame(expectOf(""), { withinMs: 30_000, settleMs: 100 });
  t.strictSame(expectOf("expect: { within: 2, settle: 0.25 }"), { withinMs: 2000, settleMs: 250 });
  t.strictSame(expectOf("expect: { within: 1.5m, settle: 3s }"), { withinMs: 90_000, settleMs: 3000 });
  t.strictSame(expectOf("expect: { settle: 0ms }"), { withinMs: 30_000, settleMs: 0 });
});

/** For texts that come to the same, but not in the same places. */
const places = new Map();

t.test("what is empty counts as not there", async (t) => {
  const topology = topologyOf(
    "name: x\ndefaults:\nrouters:\n  r1: { originate: , timers: }\nlinks:\nexpect:\n",
  );
  t.strictSame({ ...topology, places }, { ...topologyOf("name: x\nrouters: [r1]"), places });
});

t.test("a prefix alone is a list of one", async (t) => {
  const topology = topologyOf('name: x\nrouters: { "r[1-2]": { originate: "10.0.{n}.0/24" } }');
  const same = topologyOf(
    "name: x\nrouters: { r1: { originate: [10.0.1.0/24] }, r2: { originate: [10.0.2.0/24] } }",
  );
  t.strictSame({ ...topology, places }, { ...same, places });
});

t.test("an alias stands for what its anchor marks", async (t) => {
  const text = "routers:\n  r1: { timers: &fast { hold: 3 } }\n  r2: { timers: *fast }";
  t.strictSame(
    timersOf(text).map(({ holdTime }) => holdTime),
    [3, 3],
  );
});

t.test("a thousand routers and four thousand links compile in well under a second", async (t) => {
  const routers = Array.from(
    { length: 1000 },
    (_, index) => `  r${index}: { originate: [10.${index >> 8}.${index & 255}.0/24] }`,
  );
  const links = Array.from(
    { length: 4000 },
    (_, index) => `  - r${index % 1000} -- r${(index * 7 + 1) % 1000}`,
  );
  const text = ["name: big", "routers:", ...routers, "links:", ...links].join("\n");
  const start = workedMs();
  t.equal(topologyOf(text).links.length, 4000);
  t.ok(workedMs() - start < 2000);
});

t.test("filters, next hops and the router lifetime are set in layers too", async (t) => {
  const { links } = topologyOf(`
name: lab
defaults: { router-lifetime: 1800, import-prefixes: [10.0.0.0/8, "2001:db8::/32"] }
routers: { r1: { export-prefixes: [] }, r2: }
links:
  - { link: r1 -- r2, sessions: { r2: { router-lifetime: 0, next-hop: { ipv6: "fe80::7" } } } }`);
  const importPrefixes = ["10.0.0.0/8", "2001:db8::/32"];
  t.match(
    links[0]?.ends.map(({ session }) => session),
    [
      { routerLifetime: 1800, importPrefixes, exportPrefixes: [], nextHop: null },
      { routerLifetime: 0, importPrefixes, exportPrefixes: null, nextHop: { ipv6: "fe80::7" } },
    ],
  );
});

t.test("a list of routers is one link, with each two of them on it", async (t) => {
  const topology = topologyOf(
    'name: x\nrouters: [a, b, c, d]\nlinks: [["a:up", "*"], { link: [b, c, d], mtu: 1500, ifindex: [7, 8, 9], expect: down }, [a, b]]',
  );
  t.strictSame(
    topology.segments.map(({ ends, mtu }) => [
      mtu,
      ...ends.map(({ router, ifname }) => `${router}:${ifname}`),
    ]),
    [
      [9500, "a:up", "b:eth0", "c:eth0", "d:eth0"],
      [1500, "b:eth1", "c:eth1", "d:eth1"],
    ],
  );
  t.strictSame(
    topology.segments[1]?.ends.map(({ ifindex }) => ifindex),
    [7, 8, 9],
  );
  const links = topology.links.map(
    ({ ends: [a, b], segment, expect }) => `${a.router}-${b.router} ${segment} ${expect}`,
  );
  t.equal(links.length, 6 + 3 + 1);
  t.equal(links[0], "a-b 0 established");
  t.equal(links[6], "b-c 1 down");
  t.equal(links[9], "a-b null established", "two are a link of their own");
});
