import t from "tap";
import { readFrrRoutes } from "../../../src/kinds/frr/frr-routes.ts";
import { readFrrStatus } from "../../../src/kinds/frr/frr-status.ts";
import { shippedPlan } from "../../support/lab-status.ts";
import { daemonIn, fileOf, routerOf } from "../recorded.ts";

const bgpd = (body: string) => fileOf("frr", { ends: "bgpd.conf", body });

t.test("an FRR has zebra and bgpd with sockets of their own, and begins with zebra", async (t) => {
  const { place, command, files, log, probe } = daemonIn(shippedPlan("pair-with-frr"), "frr");
  t.strictSame(place, { type: "netns", name: "fe80.pair-with-frr.r2" });
  t.equal(log, "/run/fe80/lab/r2.log");
  t.strictSame(command.slice(0, 4), ["sh", "/run/fe80/lab/frr-r2/start.sh", "/run/fe80/lab/frr-r2", log]);
  const script = files.find(({ path }) => path === command[1])?.text ?? "";
  t.match(script, /\/usr\/lib\/frr\/zebra -d .*\nexec \/usr\/lib\/frr\/bgpd /);
  t.match(probe, {
    type: "poll",
    commands: [
      ["vtysh", "--vty_socket", "/run/fe80/lab/frr-r2", "-d", "bgpd", "-c", "show bgp neighbors json"],
      ["ip", "-4", "-json", "route", "show", "proto", "186"],
      ["ip", "-6"],
    ],
  });
});

t.test("a neighbor is an interface, and nothing waits for long", async (t) => {
  const text = bgpd("originate: [10.0.2.0/24]");
  t.match(
    text,
    "router bgp 64513\n bgp router-id 0.0.0.2\n bgp log-neighbor-changes\n no bgp ebgp-requires-policy\n no bgp network import-check",
  );
  t.match(
    text,
    " neighbor eth0 interface v6only remote-as 64512\n neighbor eth0 timers 3 9\n neighbor eth0 timers connect 1\n",
  );
  t.match(
    text,
    "address-family ipv4 unicast\n  maximum-paths 1\n  maximum-paths ibgp 1\n  network 10.0.2.0/24\n  neighbor eth0 activate",
  );
  t.notMatch(text, "route-map");
});

t.test("what is said of a session is said in FRR's words", async (t) => {
  const text = bgpd(
    "md5: key, gtsm: true, passive: true, role: provider, strict-role: true, enforce-first-as: true, timers: { delay-open: 2 }, remote-as: external",
  );
  for (const words of [
    "interface v6only remote-as external",
    "timers delayopen 2",
    "passive",
    "password key",
    "ttl-security hops 1",
    "local-role provider strict-mode",
    "enforce-first-as",
  ]) {
    t.match(text, `\n neighbor eth0 ${words}\n`);
  }
  t.match(bgpd("families: [ipv4-unicast], remote-as: any"), "remote-as 64512\n");
  t.equal((bgpd("families: [ipv4-unicast]").match(/activate/g) ?? []).length, 1);
});

t.test("what is said of routes is said of each family in FRR's words", async (t) => {
  const text = bgpd(
    "asn: 64512, cluster-id: 9.9.9.9, route-reflector-client: true, allow-own-as: 2, add-path: both, graceful-shutdown: true, multipath: { maximum-paths: 4, as-path-relax: true }",
  );
  t.match(text, "\n bgp cluster-id 9.9.9.9\n");
  t.match(text, "\n bgp bestpath as-path multipath-relax\n");
  t.equal((text.match(/^ {2}maximum-paths (ibgp )?4$/gm) ?? []).length, 4);
  for (const words of [
    "next-hop-self force",
    "route-reflector-client",
    "allowas-in 2",
    "addpath-tx-all-paths",
  ]) {
    t.equal(text.split(`\n  neighbor eth0 ${words}\n`).length, 3, words);
  }
  t.match(text, "\n set community 65535:0 additive\n");
  t.notMatch(text, "disable-addpath-rx");
  const usual = bgpd("asn: 64513, route-reflector-client: true");
  t.match(usual, "  neighbor eth0 disable-addpath-rx\n");
  t.notMatch(usual, /route-reflector-client|graceful-restart|allowas-in|cluster-id/);
  t.match(bgpd('graceful-restart: "off"'), " neighbor eth0 graceful-restart-disable\n");
  t.match(bgpd("graceful-restart: full"), " neighbor eth0 graceful-restart\n");
});

t.test("inside an AS there are no roles, and the local preference is told", async (t) => {
  const text = bgpd("asn: 64512, role: peer, local-pref: 7");
  t.notMatch(text, /local-role/);
  t.match(text, "route-map eth0-ipv4-out permit 10\n set local-preference 7\n");
});

t.test(
  "filters and preferences are route maps with prefix lists, and one that denies lets nothing through",
  async (t) => {
    const text = bgpd(
      'import-prefixes: [10.0.1.0/24], export-prefixes: ["2001:db8::/32"], med: 5, communities: ["65000:1", no-export], local-pref: 300',
    );
    t.match(text, "  neighbor eth0 route-map eth0-ipv4-in in\n  neighbor eth0 route-map eth0-ipv4-out out\n");
    t.match(
      text,
      "ip prefix-list eth0-ipv4-in-10 permit 10.0.1.0/24\nroute-map eth0-ipv4-in permit 10\n match ip address prefix-list eth0-ipv4-in-10\n set local-preference 300\nexit",
    );
    t.match(text, "\nroute-map eth0-ipv4-out deny 10\nexit\n");
    t.match(text, "\nroute-map eth0-ipv6-in deny 10\nexit\n");
    t.match(
      text,
      " match ipv6 address prefix-list eth0-ipv6-out-10\n set metric 5\n set community 65000:1 65535:65281 additive\n",
    );
  },
);

t.test("config is added to bgpd's, and zebra offers a default router only if asked", async (t) => {
  t.match(bgpd('config: "debug bgp updates"'), /\ndebug bgp updates$/);
  const zebra = (body: string) => fileOf("frr", { ends: "zebra.conf", body });
  t.match(zebra("asn: 1"), "interface eth0\n ipv6 nd ra-lifetime 0\nexit");
  t.match(zebra("router-lifetime: 1800"), " ipv6 nd ra-lifetime 1800\n");
});

t.test("an FRR that has heard nobody waits for a Router Advertisement", async (t) => {
  const neighbors = (fields: object) => `{\n${JSON.stringify({ eth0: fields }).slice(1)}\n`;
  const waiting = (fields: object) =>
    readFrrStatus(routerOf("frr"), [neighbors(fields), "[]", "[]"]).sessions[0]?.waitingFor;
  t.equal(
    waiting({ bgpState: "Idle", lastResetDueTo: "Waiting for Peer IPv6 LLA" }),
    "a Router Advertisement on eth0",
  );
  t.equal(waiting({ bgpState: "Idle" }), "its next attempt");
  t.equal(waiting({ bgpState: "OpenSent" }), "its peer's answer");
  t.match(readFrrStatus(routerOf("frr"), ["{\n}", "[]", "[]"]).sessions, [
    { state: "Idle", waitingFor: "FRR to know of it" },
  ]);
});

t.test("of two links to one address, the kernel's route says which one a route goes over", async (t) => {
  const path = {
    bestpath: true,
    peerId: "fe80::1",
    path: "64512",
    nexthops: [{ ip: "fe80::1", used: true }],
  };
  const tables = [JSON.stringify({ routes: { "10.0.1.0/24": [path], "10.0.9.0/24": [{ valid: true }] } })];
  const neighbors = new Map([["fe80::1", ["eth0", "eth1"]]]);
  const kernel = ['[{"dst":"10.0.1.0/24","dev":"eth1"}]', "[]"];
  t.match(readFrrRoutes(tables, { kernel, neighbors }), [{ via: "eth1", kernel: "installed" }]);
  t.match(readFrrRoutes(tables, { kernel: ["[]", "[]"], neighbors }), [
    { via: "eth0", kernel: "not in the kernel's table" },
  ]);
});

t.test("a peer that tells a link-local next hop alone has that", async (t) => {
  // Recorded with GoBGP.
  const nexthops = [
    { ip: "fe80::2", afi: "ipv6", scope: "global" },
    { ip: "::", afi: "ipv6", scope: "link-local", used: true },
  ];
  const path = { bestpath: true, peerId: "fe80::2", path: "64513", nexthops };
  const table = JSON.stringify({ routes: { "2001:db8:2::/48": [path] } });
  const surroundings = { kernel: ["[]", "[]"], neighbors: new Map([["fe80::2", ["eth0"]]]) };
  t.match(readFrrRoutes([table], surroundings), [{ nextHop: "fe80::2" }]);
});

t.test("routes that are used at once have all their interfaces, the best first", async (t) => {
  const path = (peerId: string) => ({ peerId, path: "64512", nexthops: [{ ip: peerId, used: true }] });
  const paths = [
    { ...path("fe80::2"), multipath: true },
    { ...path("fe80::1"), bestpath: true, multipath: true },
    { ...path("fe80::1"), multipath: true },
    path("fe80::3"),
  ];
  const neighbors = new Map([
    ["fe80::1", ["eth0", "eth1"]],
    ["fe80::2", ["eth2"]],
    ["fe80::3", ["eth3"]],
  ]);
  const tables = [JSON.stringify({ routes: { "10.0.1.0/24": paths } })];
  const kernelOf = (...ifnames: string[]) => [
    JSON.stringify([{ dst: "10.0.1.0/24", nexthops: ifnames.map((dev) => ({ dev })) }]),
    "[]",
  ];
  const nextHops = [
    { via: "eth0", nextHop: "fe80::1" },
    { via: "eth2", nextHop: "fe80::2" },
    { via: "eth1", nextHop: "fe80::1" },
  ];
  t.match(readFrrRoutes(tables, { kernel: kernelOf("eth2", "eth1", "eth0"), neighbors }), [
    { via: "eth0", nextHop: "fe80::1", nextHops, kernel: "installed" },
  ]);
  t.match(readFrrRoutes(tables, { kernel: kernelOf("eth2", "eth0"), neighbors }), [
    { nextHops, kernel: "not in the kernel's table" },
  ]);
});
