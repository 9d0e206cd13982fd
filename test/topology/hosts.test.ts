import t from "tap";
import { compile } from "../../src/plan/compile.ts";
import { mistakesIn, topologyOf } from "./parsing.ts";

const paths = { netnsDirectory: "/run/netns", runDirectory: "/run/fe80/lab" };
const text = `
name: lab
routers:
  r1: { originate: [10.0.1.0/24, 10.1.0.0/24] }
  r2:
  h1: { kind: host, addresses: [10.1.0.10/24, "2001:db8:1::10/64"] }
  "h[2-3]": { kind: host, addresses: ["10.1.{n}.10/24"] }
links:
  - r1 -- r2
  - { link: r1 -- h1, mtu: 1500, mac: [~, "02:00:00:00:00:01"] }
  - h* -- r2
`.replace("- h* -- r2", "- h[2-3] -- r2");

t.test(
  "a host is a namespace with a default route to its router, which originates its prefixes",
  async (t) => {
    const topology = topologyOf(text);
    const plan = compile(topology, paths);
    t.strictSame(
      topology.routers.map(({ name, originate }) => [name, originate]),
      [
        ["r1", ["10.0.1.0/24", "10.1.0.0/24", "2001:db8:1::/64"]],
        ["r2", ["10.1.2.0/24", "10.1.3.0/24"]],
      ],
    );
    t.strictSame(plan.hosts, [
      { name: "h1", netns: "fe80.lab.h1", ifname: "eth0", gateway: "fe80::1", families: [4, 6] },
      { name: "h2", netns: "fe80.lab.h2", ifname: "eth0", gateway: "fe80::2", families: [4] },
      { name: "h3", netns: "fe80.lab.h3", ifname: "eth0", gateway: "fe80::2", families: [4] },
    ]);
    t.match(plan.links[1], {
      mtu: 1500,
      ends: [
        {
          router: "h1",
          ifname: "eth0",
          mac: "02:00:00:00:00:01",
          linkLocal: "fe80::3",
          addresses: [
            { address: "10.1.0.10", length: 24 },
            { address: "2001:db8:1::10", length: 64 },
          ],
        },
        {
          router: "r1",
          ifname: "eth1",
          mac: "02:fe:80:00:00:04",
          addresses: [
            { address: "10.1.0.1", length: 24 },
            { address: "2001:db8:1::1", length: 64 },
          ],
        },
      ],
    });
  },
);

t.test("hosts have no part in BGP but their prefixes", async (t) => {
  const { nodes, links, expectation } = compile(topologyOf(text), paths);
  t.equal(links.length, 4);
  t.strictSame(
    nodes.map(({ router, loopback }) => [router.sessions.length, loopback]),
    [
      [1, ["10.0.1.1"]],
      [1, []],
    ],
    "an address on a link is not on lo, too",
  );
  t.equal(expectation.sessions.length, 2);
  t.match(
    expectation.routes.filter(({ router }) => router === "r2").map(({ prefix, via }) => `${prefix} ${via}`),
    ["10.0.1.0/24 eth0", "10.1.0.0/24 eth0", "2001:db8:1::/64 eth0", "10.1.2.0/24 null", "10.1.3.0/24 null"],
  );
});

t.test("what a router redistributes of its addresses are not those on links with hosts", async (t) => {
  const { expectation } = compile(
    topologyOf(text.replace("routers:", "defaults: { redistribute: [connected] }\nrouters:")),
    paths,
  );
  t.strictSame(
    expectation.routes
      .filter(({ router, via }) => router === "r1" && via === null)
      .map(({ prefix }) => prefix),
    ["10.0.1.0/24", "10.1.0.0/24", "2001:db8:1::/64", "10.0.1.1/32"],
  );
});

t.test("mistakes in hosts are named where they are", async (t) => {
  const hint = "write it as 10.1.0.10/24 or 2001:db8:1::10/64";
  const host = (body: string) => `routers: { r1: , h1: { kind: host${body} } }\nlinks: [r1 -- h1]`;
  const cases: [text: string, ...mistakes: string[]][] = [
    [host(", asn: 1"), '2:36 unknown key "asn" | a host runs no BGP'],
    [host(", addresses: [10.1.0.10]"), `2:48 "10.1.0.10" is not an address with its prefix | ${hint}`],
    [
      host(", addresses: [10.1.0.10/32]"),
      `2:48 "10.1.0.10/32" leaves no room for the router's address | ${hint}`,
    ],
    [
      host(", addresses: [10.1.0.1/24]"),
      "2:48 10.1.0.1 is for the router, as the first address of 10.1.0.0/24 | give the host another",
    ],
    [host(", addresses: [10.1.0.0/24]"), `2:48 10.1.0.0 is the prefix itself | ${hint}`],
    [host(', addresses: ["fe80::1/64"]'), "2:48 fe80::/64 is link-local | give the host a unicast address"],
    [
      "routers: { r1: , h1: { kind: host } }",
      "2:18 the host h1 has no link | link it with a router: h1 -- r1",
    ],
    [
      "routers: { r1: , h1: { kind: host } }\nlinks: [r1 -- h1, h1 -- r1]",
      "3:19 the host h1 has a link already | a host has one link",
    ],
    [
      "routers: { r1: , h1: { kind: host }, h2: { kind: host } }\nlinks: [h1 -- h2, h2 -- r1]",
      "3:9 h1 and h2 are both hosts | a host needs a router to go anywhere",
      "2:38 the host h2 has no link | link it with a router: h2 -- r1",
    ].slice(0, 2) as [string, string],
    [
      "routers: { r1: , h1: { kind: host, addresses: [10.1.0.10/24] }, h2: { kind: host, addresses: [10.1.0.11/24] } }\nlinks: [h1 -- r1, h2 -- r1]",
      "3:19 r1 has 10.1.0.0/24 on its link to h1 already | give each host a prefix of its own",
    ],
    [
      "routers: { r1: , h1: { kind: host } }\nlinks: [{ link: h1 -- r1, expect: none }]",
      "3:17 h1 is a host and has no session | leave out sessions and expect",
    ],
    [
      "routers: { r1: { addresses: [10.1.0.10/24] } }",
      '2:18 unknown key "addresses" | only a host has them: kind: host',
    ],
  ];
  for (const [text, ...mistakes] of cases) t.strictSame(mistakesIn(`name: lab\n${text}`), mistakes, text);
});
