import { readFileSync } from "node:fs";
import t from "tap";
import {
  defaultRouter,
  defaultSession,
  defaultTimers,
  type RouterConfig,
  type SessionConfig,
} from "../../src/bgp/config/config.ts";
import { bird } from "../../src/kinds/bird.ts";
import { birdConfig } from "../../src/kinds/bird-config.ts";
import { readBirdStatus } from "../../src/kinds/bird-status.ts";
import type { Address, RouterId } from "../../src/net/address.ts";
import { asn } from "../../src/net/asn.ts";
import { prefix } from "../../src/net/prefix.ts";
import { context } from "./recorded.ts";

const router: RouterConfig = {
  name: "r2",
  netns: "/run/netns/fe80.lab.r2",
  log: "/run/fe80/lab/r2.log",
  logLevel: "debug",
  asn: asn(64513),
  routerId: "0.0.0.2" as RouterId,
  originate: [prefix("10.0.2.0/24"), prefix("2001:db8:2::/48")],
  ...defaultRouter,
  sessions: [
    {
      ...defaultSession,
      ifname: "eth0",
      linkLocal: "fe80::2" as Address,
      remoteAs: asn(64512),
      timers: { ...defaultTimers, holdTime: 6, keepaliveTime: 3, connectRetryTime: 1, idleHoldTime: 0 },
    },
  ],
};

const configOf = (router: RouterConfig) => birdConfig(router, context.peers);

/** BIRD 2.0.12's own words about {@link router}. */
const recorded = (name: string) => readFileSync(`test/kinds/bird/${name}.txt`, "utf8");

/** `ip -json route show proto bird` at the same moment. */
const kernel = [
  `[{"dst":"10.0.1.0/24","via":{"family":"inet6","host":"fe80::1"},"dev":"eth0","metric":32,"flags":[]}]`,
  `[{"dst":"2001:db8:1::/48","gateway":"fe80::1","dev":"eth0","metric":32,"flags":[],"pref":"medium"}]`,
];

function statusOf(moment: string, routes: readonly string[] = ["[]", "[]"]) {
  return readBirdStatus(router, [recorded(`${moment}-protocols`), recorded(`${moment}-routes`), ...routes]);
}

t.test("an Established session is read with all that BIRD tells of it", async (t) => {
  const { routers, sessions } = statusOf("established", kernel);
  t.strictSame(routers, [{ router: "r2", asn: 64513, routerId: "0.0.0.2" }]);
  t.match(sessions, [{ connectionId: /^session_0 \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/ }]);
  t.strictSame(
    sessions.map((session) => ({ ...session, connectionId: "" })),
    [
      {
        router: "r2",
        ifname: "eth0",
        session: "eth0",
        state: "Established",
        since: null,
        peerAsn: 64512,
        peerRouterId: "0.0.0.1",
        peerHostname: null,
        peerAddress: "fe80::1",
        localAddress: null,
        neighbors: [],
        connectionId: "",
        direction: null,
        holdTime: 6,
        families: [4, 6],
        establishedCount: 1,
        lastError: null,
        waitingFor: null,
        history: [],
      },
    ],
  );
});

t.test("routes are read with their next hops, and with what the kernel has of them", async (t) => {
  const originated = {
    via: null,
    session: null,
    nextHop: null,
    nextHops: [],
    asPath: "",
    decidedBy: "originated here",
    kernel: "connected",
  };
  const nextHop = "fe80::1" as Address;
  const learned = {
    via: "eth0",
    session: "eth0",
    nextHop,
    nextHops: [{ via: "eth0", nextHop }],
    asPath: "64512",
    decidedBy: "BIRD's choice",
  };
  t.strictSame(statusOf("established", kernel).routes, [
    { router: "r2", prefix: "10.0.1.0/24", ...learned, kernel: "installed" },
    { router: "r2", prefix: "10.0.2.0/24", ...originated },
    { router: "r2", prefix: "2001:db8:1::/48", ...learned, kernel: "installed" },
    { router: "r2", prefix: "2001:db8:2::/48", ...originated },
  ]);
  const [first] = statusOf("established").routes;
  t.equal(first?.kernel, "not in the kernel's table");
});

t.test("host and default routes are found in the kernel's table", async (t) => {
  const routes = ["192.0.2.1/32", "0.0.0.0/0", "2001:db8::1/128", "::/0"].map(
    (prefix) => `${prefix} unicast [session_0 00:00:00.000] * (100) [AS64512i]\n\tvia fe80::1 on eth0\n`,
  );
  const table = [
    `[{"dst":"192.0.2.1","dev":"eth0"},{"dst":"default","dev":"eth0"}]`,
    `[{"dst":"2001:db8::1","dev":"eth0"},{"dst":"default","dev":"eth0"}]`,
  ];
  const status = readBirdStatus(router, ["", routes.join(""), ...table]);
  t.strictSame(
    status.routes.map(({ kernel }) => kernel),
    Array(4).fill("installed"),
  );
});

t.test("a session whose peer is not there waits for its next attempt, or for the peer's", async (t) => {
  const alone = {
    state: "Active",
    peerAsn: null,
    connectionId: null,
    establishedCount: 0,
    families: [],
    lastError: "Socket: Connection refused",
    waitingFor: /^its connect delay timer \([\d.]+ s of 1 s left\)$/,
  };
  t.match(statusOf("alone").sessions, [alone]);
  const passive = recorded("alone-protocols").replace(
    "BGP state:          Active",
    "BGP state:          Passive",
  );
  const words = passive.replace(/ +Connect delay:.*\n/, "");
  t.match(readBirdStatus(router, [words, "", "[]", "[]"]).sessions, [
    { ...alone, waitingFor: "a connection from its peer on eth0" },
  ]);
});

t.test("a session that BIRD refused tells why", async (t) => {
  t.match(statusOf("refused").sessions, [
    {
      state: "Idle",
      peerAsn: null,
      connectionId: null,
      lastError: "BGP Error: Bad peer AS",
      waitingFor: /^its error wait timer \([\d.]+ s of 1 s left\)$/,
    },
  ]);
});

t.test("a BIRD that tells nothing of a session leaves it Idle", async (t) => {
  t.match(readBirdStatus(router, ["", "", "[]", "[]"]).sessions, [
    { state: "Idle", waitingFor: "BIRD to start", lastError: null },
  ]);
});

t.test("all of a router's configuration", async (t) => {
  t.equal(configOf(router), recorded("r2-conf"));
});

t.test("a session may be with any external AS, or with our own", async (t) => {
  const withRemoteAs = (remoteAs: "external" | "internal") => {
    const sessions = router.sessions.map((session) => ({ ...session, remoteAs }));
    return configOf({ ...router, sessions });
  };
  t.match(withRemoteAs("external"), "neighbor fe80::1 as 64512;");
  t.match(withRemoteAs("internal"), "neighbor fe80::1 as 64513;");
});

t.test("a session may have a TCP-MD5 key (RFC 2385), and take neighbors alone (RFC 5082)", async (t) => {
  const sessions = router.sessions.map((session) => ({ ...session, md5Key: "secret", minHopLimit: 255 }));
  t.match(configOf({ ...router, sessions }), '\n  password "secret";\n  ttl security yes;\n');
});

t.test("BIRD runs in its router's namespace and is asked through its socket", async (t) => {
  const node = { name: "r2", kind: "bird", netns: "fe80.lab.r2", loopback: [], router } as const;
  const [daemon] = bird.daemons([node], context);
  t.strictSame(daemon?.place, { type: "netns", name: "fe80.lab.r2" });
  t.equal(daemon?.log, "/run/fe80/lab/r2.log");
  t.match(daemon?.files, [
    { path: "/run/fe80/lab/bird-r2.sh", text: /-e "\$pid" \] && set -- -R/ },
    { path: "/run/fe80/lab/bird-r2.conf", text: configOf(router) },
  ]);
  const tell = ["birdc", "-s", "/run/fe80/lab/bird-r2.sock"];
  t.strictSame(daemon?.orders?.refresh?.("eth0"), [...tell, "reload", "in", "session_0"]);
  t.strictSame(daemon?.orders?.shutdown?.("eth0", "new cables"), [
    ...tell,
    "disable",
    "session_0",
    '"new cables"',
  ]);
  t.match(daemon?.probe, {
    type: "poll",
    commands: [
      ["birdc", "-r", "-s", "/run/fe80/lab/bird-r2.sock", "show", "protocols", "all"],
      ["birdc", "-r", "-s", "/run/fe80/lab/bird-r2.sock", "show", "route", "all", "primary"],
      ["ip", "-4", "-json", "route", "show", "proto", "bird"],
      ["ip", "-6", "-json", "route", "show", "proto", "bird"],
    ],
  });
});

t.test(
  "BIRD is told its role and its address families; there are no roles inside an AS (RFC 9234)",
  async (t) => {
    const conf = (session: Partial<SessionConfig>) =>
      configOf({ ...router, sessions: router.sessions.map((own) => ({ ...own, ...session })) });
    t.match(
      conf({ role: "rs-server", strictRole: true }),
      "\n  local role rs_server;\n  require roles yes;\n",
    );
    t.notMatch(conf({ role: "peer", strictRole: true, remoteAs: "internal" }), /role/);
    t.notMatch(conf({ families: [6] }), /^ {2}ipv4 \{.*bgp_next_hop = fe80::2/m);
  },
);

t.test("a BIRD's socket fits into an address, however long the names (unix(7))", async (t) => {
  const node = (end: string) => {
    const name = "r".repeat(62) + end;
    return { name, kind: "bird", netns: `fe80.lab.${name}`, loopback: [], router } as const;
  };
  const directory = `/run/fe80/${"l".repeat(32)}`;
  const sockets = bird
    .daemons([node("1"), node("2")], { ...context, directory })
    .map(({ command }) => command.at(-1) ?? "");
  t.equal(new Set(sockets).size, 2);
  for (const socket of sockets) t.ok(socket.endsWith(".sock") && socket.length < 108, socket);
});

t.test("filters and the router lifetime are said in BIRD's words, an empty filter as none", async (t) => {
  const [session] = router.sessions;
  const change = {
    routerLifetime: 1800,
    importPrefixes: [prefix("10.0.1.0/24"), prefix("10.0.3.0/24")],
    exportPrefixes: [prefix("2001:db8:2::/48")],
  };
  const text = configOf({ ...router, sessions: session ? [{ ...session, ...change }] : [] }).replace(
    /\s+/g,
    " ",
  );
  t.match(text, "default lifetime 1800;");
  t.match(
    text,
    "ipv4 { import filter { if net ~ [ 10.0.1.0/24{24,24}, 10.0.3.0/24{24,24} ] then { accept; } reject; }; export none;",
  );
  t.match(
    text,
    "ipv6 { import none; export filter { if !(source ~ [ RTS_STATIC, RTS_BGP ]) then reject; bgp_next_hop = fe80::2; if net ~ [ 2001:db8:2::/48{48,48} ] then { accept; } reject; };",
  );
});

t.test("what BIRD can do of the rest it is told in its own words", (t) => {
  const [session] = router.sessions;
  if (!session) throw new Error("the router has no session");
  const lines = (change: Partial<typeof session>, clusterId: RouterId | null = null) => {
    const changed = { ...router, clusterId, sessions: [{ ...session, ...change }] };
    const before = new Set(configOf(router).split("\n"));
    return configOf(changed)
      .split("\n")
      .filter((line) => !before.has(line))
      .map((line) => line.trim());
  };
  t.strictSame(lines({ allowOwnAs: 2 }), ["allow local as 2;"]);
  t.strictSame(lines({ routeReflectorClient: true }), [], "which means nothing between ASes");
  t.strictSame(lines({ remoteAs: "internal", routeReflectorClient: true }, "1.2.3.4" as RouterId), [
    "neighbor fe80::1 as 64513;",
    "rr client;",
    "rr cluster id 1.2.3.4;",
  ]);
  t.strictSame(lines({ gracefulRestart: "off" }), ["graceful restart off;"]);
  t.strictSame(lines({ gracefulRestart: "full" }), [
    ...["graceful restart on;", "graceful restart on;"],
    ...["graceful restart on;", "graceful restart time 120;"],
  ]);
  t.end();
});
