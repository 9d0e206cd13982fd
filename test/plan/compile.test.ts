import { readdirSync, readFileSync } from "node:fs";
import t from "tap";
import { parseSpeakerConfig } from "../../src/bgp/config/parse.ts";
import { compile } from "../../src/plan/compile.ts";
import { matchesGolden } from "../support/golden.ts";
import { topologyOf } from "../topology/parsing.ts";

const paths = { netnsDirectory: "/run/netns", runDirectory: "/run/fe80/lab" };
const planOf = (text: string) => compile(topologyOf(text), paths);
const topologies = new URL("../../topologies/", import.meta.url);

/** `GOLDEN=write node test/plan/compile.test.ts` writes the expected plans anew. */
for (const file of readdirSync(topologies)) {
  const text = readFileSync(new URL(file, topologies), "utf8");

  t.test(`${file} compiles to its plan, which survives JSON`, async (t) => {
    const plan = planOf(text);
    const json = `${JSON.stringify(plan, null, 2)}\n`;
    matchesGolden(t, `plan/${file.replace(/\.yaml$/, ".json")}`, json);
    t.strictSame(JSON.parse(json), plan);
    t.equal(JSON.stringify(planOf(text), null, 2), json.trimEnd(), "twice the same");
  });

  t.test(`every router of ${file} has a configuration that a speaker takes`, async (t) => {
    const routers = planOf(text).nodes.map(({ router }) => router);
    const config = { control: "/run/fe80/lab/speaker.sock", routers };
    t.strictSame(parseSpeakerConfig(JSON.parse(JSON.stringify(config))), config);
  });
}

t.test("a namespace bears the names of its lab and its router", async (t) => {
  const [node] = planOf("name: lab-1\nrouters: [r_1]").nodes;
  t.match(node, {
    netns: "fe80.lab-1.r_1",
    router: { netns: "/run/netns/fe80.lab-1.r_1", log: "/run/fe80/lab/r_1.log" },
  });
});

t.test("a session expects the ASN of just its peer and has the timers of its own router", async (t) => {
  const { nodes, expectation } = planOf(
    "name: x\nrouters: { a: { asn: 65000, timers: { hold: 30 } }, b: { asn: 65001 } }\nlinks: [a:up -- b:down]",
  );
  t.match(nodes[0]?.router.sessions, [
    { ifname: "up", remoteAs: 65001, passive: false, timers: { holdTime: 30 } },
  ]);
  t.match(nodes[1]?.router.sessions, [{ ifname: "down", remoteAs: 65000, timers: { holdTime: 9 } }]);
  t.strictSame(expectation.sessions, [
    {
      ...{ router: "a", ifname: "up", session: "up" },
      ...{ peer: { router: "b", ifname: "down" }, peerAsn: 65001, families: [4, 6] },
    },
    {
      ...{ router: "b", ifname: "down", session: "down" },
      ...{ peer: { router: "a", ifname: "up" }, peerAsn: 65000, families: [4, 6] },
    },
  ]);
});

t.test("a router's guards are those of all its sessions; GTSM is for neighbors (RFC 5082)", async (t) => {
  const { nodes } = planOf(
    "name: x\ndefaults: { md5: secret }\nrouters: { a: { gtsm: true }, b: }\nlinks: [a -- b]",
  );
  t.match(nodes[0]?.router.sessions, [{ md5Key: "secret", minHopLimit: 255 }]);
  t.match(nodes[1]?.router.sessions, [{ md5Key: "secret", minHopLimit: null }]);
});

t.test(
  "every interface has a MAC address of its own and, unless the file gives one, a number that no other has",
  async (t) => {
    const { links } = planOf(
      "name: x\nrouters: [a, b, c]\nlinks: [a -- b, a -- b, { link: a -- c, ifindex: [100, 7] }, b -- c, { link: b -- c, ifindex: 102 }]",
    );
    const ends = links.flatMap(({ ends }) => ends);
    t.strictSame(
      ends.map(({ router, ifindex }) => `${router} ${ifindex}`),
      ["a 101", "b 103", "a 104", "b 105", "a 100", "c 7", "b 106", "c 107", "b 102", "c 102"],
    );
    t.equal(new Set(ends.map(({ mac }) => mac)).size, ends.length);
    t.ok(ends.every(({ mac }) => /^02:fe:80(:[0-9a-f]{2}){3}$/.test(mac)));
  },
);

t.test("a router answers at the first host of each prefix that has one of its own", async (t) => {
  const loopback = (prefixes: string) =>
    planOf(`name: x\nrouters: { r1: { originate: [${prefixes}] } }`).nodes[0]?.loopback;
  t.strictSame(loopback('10.0.1.0/24, "2001:db8::/32"'), ["10.0.1.1", "2001:db8::1"]);
  t.strictSame(loopback('10.0.1.7/32, 10.0.1.8/31, "2001:db8::7/128"'), [
    "10.0.1.7",
    "10.0.1.8",
    "2001:db8::7",
  ]);
  t.strictSame(loopback("10.0.0.0/8, 10.0.0.0/24"), ["10.0.0.1"], "nested prefixes share it");
  t.strictSame(loopback('0.0.0.0/0, "::/0"'), [], "a default route has none");
});

t.test("a link to nobody is a bug of the caller's", async (t) => {
  const topology = topologyOf("name: x\nrouters: [a, b]\nlinks: [a -- b]");
  t.throws(() => compile({ ...topology, routers: topology.routers.slice(0, 1) }, paths), RangeError);
});

t.test("sessions and routes are expected only in the families that both ends have", async (t) => {
  const { expectation, nodes } = planOf(`
name: x
routers:
  a: { originate: [10.0.1.0/24, "2001:db8:1::/48"] }
  b: { families: [ipv6-unicast] }
  c:
links: [a -- b, a -- c, b -- c]`);
  t.match(nodes[1]?.router.sessions, [{ families: [6] }, { families: [6] }]);
  t.strictSame(
    expectation.sessions.map(({ families }) => families.join()),
    ["6", "6", "4,6", "4,6", "6", "6"],
  );
  t.strictSame(
    expectation.routes.map(({ router, prefix, via }) => `${router} ${prefix} ${via}`),
    [
      "a 10.0.1.0/24 null",
      "a 2001:db8:1::/48 null",
      "b 2001:db8:1::/48 eth0",
      "c 10.0.1.0/24 eth0",
      "c 2001:db8:1::/48 eth0",
    ],
  );
});
