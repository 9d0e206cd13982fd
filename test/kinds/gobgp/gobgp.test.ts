import t from "tap";
import { readGobgpRoutes } from "../../../src/kinds/gobgp/gobgp-routes.ts";
import { readGobgpStatus } from "../../../src/kinds/gobgp/gobgp-status.ts";
import { shippedPlan } from "../../support/lab-status.ts";
import { context, daemonIn, fileOf, routerOf } from "../recorded.ts";

const toml = (body: string) => fileOf("gobgp", { ends: ".toml", body });

t.test("a GoBGP has our Router Advertisements beside it, and is told what it originates", async (t) => {
  const { place, command, files, probe } = daemonIn(shippedPlan("pair-with-gobgp"), "gobgp");
  t.strictSame(place, { type: "netns", name: "fe80.pair-with-gobgp.r2" });
  t.strictSame(command.slice(2, 5), ["/usr/bin/node", "/opt/fe80-advertiser.ts", "eth0=0"]);
  const script = files.find(({ path }) => path === command[1])?.text ?? "";
  t.match(script, /^if \[ "\$3" \]; then "\$1" "\$2" \$3 & fi\n/);
  t.match(script, /\nexec gobgpd /);
  t.equal(
    files.find(({ path }) => path.endsWith(".prefixes"))?.text,
    "ipv4 10.0.2.0/24\nipv6 2001:db8:2::/48\n",
  );
  t.match(probe, {
    commands: [["gobgp", "--target", "unix:///run/fe80/lab/gobgp-r2.sock", "-j", "neighbor"]],
  });
});

t.test("its neighbor has the address that the plan knows", async (t) => {
  const text = toml("timers: { hold: 30 }, passive: true, gtsm: true");
  t.match(
    text,
    '[[neighbors]]\n  [neighbors.config]\n    neighbor-address = "fe80::1%eth0"\n    peer-as = 64512\n',
  );
  t.match(text, "    hold-time = 30\n    keepalive-interval = 10\n    connect-retry = 1\n");
  t.match(text, "    passive-mode = true\n  [neighbors.ttl-security.config]\n    enabled = true\n");
  t.match(toml("families: [ipv6-unicast]"), /"ipv6-unicast"/);
  t.notMatch(toml("families: [ipv6-unicast]"), /"ipv4-unicast"/);
  t.match(toml("allow-own-as: 2"), "  [neighbors.as-path-options.config]\n    allow-own-as = 2\n");
  t.equal(
    toml("prefix-limit: 9").split("    [neighbors.afi-safis.prefix-limit.config]\n      max-prefixes = 9\n")
      .length,
    3,
  );
  const reflector = (body: string) =>
    toml(`route-reflector-client: true, ${body}`).match(/route-reflector-cluster-id = "(.*)"/)?.[1];
  t.strictSame(["asn: 64512", "asn: 64512, cluster-id: 9.9.9.9", "asn: 64513"].map(reflector), [
    "0.0.0.2",
    "9.9.9.9",
    undefined,
  ]);
  t.match(toml("graceful-shutdown: true"), 'communities-list = ["65535:0"]');
  t.match(toml('config: "[zebra]"'), /\n\[zebra\]$/);
});

t.test("what a session lets through, and what it says, are policies for that neighbor alone", async (t) => {
  const text = toml(
    'import-prefixes: [10.0.1.0/24, "2001:db8::/32"], export-prefixes: [], local-pref: 300, med: 5',
  );
  t.match(text, 'import-policy-list = ["import-eth0"]\n  export-policy-list = ["export-eth0"]');
  t.match(
    text,
    '  prefix-set-name = "import-eth0-ipv6-1"\n  [[defined-sets.prefix-sets.prefix-list]]\n    ip-prefix = "2001:db8::/32"\n    masklength-range = "32..32"\n',
  );
  t.match(
    text,
    '      prefix-set = "import-eth0-ipv4-1"\n    [policy-definitions.statements.conditions.bgp-conditions]\n      afi-safi-in-list = ["ipv4-unicast"]\n    [policy-definitions.statements.actions]\n      route-disposition = "accept-route"\n    [policy-definitions.statements.actions.bgp-actions]\n      set-local-pref = 300\n',
  );
  t.match(text, /name = "export-eth0-ipv6-1"\n(.*\n){5} {6}route-disposition = "reject-route"\n$/);
  t.match(
    toml('communities: ["65000:1"], med: 5'),
    'set-med = "5"\n    [policy-definitions.statements.actions.bgp-actions.set-community]\n      options = "add"\n',
  );
});

t.test("inside an AS the next hop is its own, and the local preference is told", async (t) => {
  t.match(toml("asn: 64512, local-pref: 7"), '      set-next-hop = "self"\n      set-local-pref = 7\n');
  t.notMatch(toml("local-pref: 7"), "set-next-hop");
});

t.test("a session that is not there yet waits for a dial, or for its peer", async (t) => {
  const router = routerOf("gobgp");
  const waiting = (state: object, passive = false) => {
    const sessions = router.sessions.map((session) => ({ ...session, passive }));
    const outputs = [JSON.stringify([{ conf: { neighbor_address: "fe80::1%eth0" }, state }])];
    return readGobgpStatus({ ...router, sessions }, { outputs, peers: context.peers }).sessions[0];
  };
  t.match(waiting({ session_state: 3 }), { state: "Active", waitingFor: /its next dial/ });
  t.match(waiting({ session_state: 3 }, true), { waitingFor: "a connection from its peer on eth0" });
  t.match(waiting({ session_state: 4, flops: 2 }), { waitingFor: "its peer's answer", establishedCount: 2 });
  t.match(readGobgpStatus(router, { outputs: ["[]"], peers: context.peers }).sessions, [{ state: "Idle" }]);
});

t.test("sets in an AS path are in braces, and only the best path counts", async (t) => {
  const attrs = [
    {
      type: 2,
      as_paths: [
        { segment_type: 2, asns: [1, 2] },
        { segment_type: 1, asns: [3, 4] },
      ],
    },
    { type: 14, nexthop: "fe80::9" },
  ];
  const table = JSON.stringify({
    "10.0.0.0/8": [{ "neighbor-ip": "fe80::8" }, { best: true, "neighbor-ip": "fe80::9", attrs }],
    "10.0.0.0/9": [{ "neighbor-ip": "fe80::8" }],
  });
  t.strictSame(readGobgpRoutes([table], new Map([["fe80::9", "eth3"]])), [
    {
      prefix: "10.0.0.0/8",
      via: "eth3",
      session: "eth3",
      nextHop: "fe80::9",
      nextHops: [{ via: "eth3", nextHop: "fe80::9" }],
      asPath: "1 2 {3,4}",
      decidedBy: "GoBGP's choice",
      kernel: "none",
    },
  ]);
});
