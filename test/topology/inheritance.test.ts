import t from "tap";
import { defaultRouting } from "../../src/topology/routing-text.ts";
import { defaultOptions } from "../../src/topology/session-options.ts";
import { mistakesIn, topologyOf } from "./parsing.ts";

const routersOf = (text: string) => topologyOf(`name: lab\n${text}`).routers;

t.test(
  "a router's word goes over its groups', theirs over its kind's, and that over the defaults",
  async (t) => {
    const routers = routersOf(`
defaults: { log-level: error, med: 1, local-pref: 1, asn: 65001, router-lifetime: 100 }
kinds:
  speaker: { med: 2, local-pref: 2, asn: 65002 }
  bird: { med: 9 }
groups: { g: { routers: [r1, r2], local-pref: 3, asn: 65003 } }
routers:
  r1: { asn: 65004 }
  r2: { kind: bird }
  r3:`);
    t.match(routers, [
      { asn: 65004, logLevel: "error", session: { med: 2, localPref: 3, routerLifetime: 100 } },
      { asn: 65003, kind: "bird", session: { med: 9, localPref: 3 } },
      { asn: 65002, session: { med: 2, localPref: 2 } },
    ]);
  },
);

t.test("a group decides the kind, and the kind's settings follow it", async (t) => {
  const routers = routersOf(
    "kinds: { bird: { asn: 65001 } }\ngroups: { b: { routers: [r2], kind: bird } }\nrouters: [r1, r2]",
  );
  t.strictSame(
    routers.map(({ kind, asn }) => [kind, asn]),
    [
      ["speaker", 64512],
      ["bird", 65001],
    ],
  );
});

t.test(
  "lists of prefixes and communities add up; filters and families are replaced; next hops are merged",
  async (t) => {
    const { routers, links } = topologyOf(`
name: lab
defaults:
  originate: [192.0.2.0/24]
  communities: ["65000:1"]
  families: [ipv4-unicast, ipv6-unicast]
  import-prefixes: [10.0.0.0/8]
  next-hop: { ipv4: "fe80::7" }
groups: { g: { routers: [r1], originate: [198.51.100.0/24, 192.0.2.0/24], communities: ["65000:2"] } }
routers:
  r1: { originate: [10.0.1.0/24], families: [ipv4-unicast], import-prefixes: [], next-hop: { ipv6: "fe80::8" } }
  r2: { originate: ~ }
links: [{ link: r1 -- r2, sessions: { r1: { communities: [no-export] }, r2: { communities: ~ } } }]`);
    t.strictSame(
      routers.map(({ originate }) => originate),
      [["192.0.2.0/24", "198.51.100.0/24", "10.0.1.0/24"], []],
    );
    const [one, two] = links[0]?.ends ?? [];
    t.match(one?.session, { families: [4], nextHop: { ipv4: "fe80::7", ipv6: "fe80::8" } });
    t.strictSame(one?.session.importPrefixes, []);
    t.strictSame(one?.session.communities, [65000 * 65536 + 1, 65000 * 65536 + 2, 0xffffff01]);
    t.strictSame(two?.session.communities, []);
  },
);

t.test("nothing nearer to the router takes back what was said further out", async (t) => {
  const [router] = routersOf(`
defaults: { asn: 65000, log-level: warn, med: 5, local-pref: 5, role: peer, md5: key, gtsm: true, passive: true, remote-as: any, kind: bird, timers: { hold: 30, connect-retry: 9 } }
routers: { r1: { asn: ~, log-level: ~, med: ~, local-pref: ~, role: ~, md5: ~, gtsm: ~, passive: ~, remote-as: ~, kind: ~, timers: { hold: ~ } } }`);
  const [plain] = routersOf("routers: { r1: { timers: { connect-retry: 9 } } }");
  t.strictSame(router, plain);
  const [without] = routersOf("defaults: { timers: { hold: 30 } }\nrouters: { r1: { timers: ~ } }");
  t.strictSame(without, routersOf("routers: [r1]")[0]);
});

t.test("mistakes in kinds are named where they are", async (t) => {
  t.strictSame(mistakesIn("name: lab\nrouters: [r1]\nkinds: { brid: { asn: 1 } }"), [
    '3:10 unknown key "brid" | did you mean bird?',
  ]);
  t.strictSame(mistakesIn("name: lab\nrouters: [r1]\nkinds: { bird: { asn: 0, kind: bird } }"), [
    "3:23 AS number 0 is reserved (RFC 7607)",
    '3:26 unknown key "kind" | the name of the kind stands above',
  ]);
  t.strictSame(mistakesIn("name: lab\nrouters: [r1]\nkinds: { speaker: { timers: { keepalive: 9 } } }"), [
    "3:42 keepalive time 9 is not below the hold time 9 | a third of the hold time is usual: 3 s",
  ]);
});

t.test("a merge key brings what its maps have and the map itself has not", async (t) => {
  const routers = routersOf(`
routers:
  r1: &base { asn: 65001, med: 1, timers: { hold: 30 } }
  r2: { <<: *base, asn: 65002 }
  r3: { <<: [{ med: 7 }, *base], asn: 65003 }`);
  t.match(routers, [
    { asn: 65001 },
    { asn: 65002, session: { med: 1, timers: { holdTime: 30 } } },
    { asn: 65003, session: { med: 7, timers: { holdTime: 30 } } },
  ]);
  t.strictSame(mistakesIn("name: lab\nrouters: { r1: { <<: 5 } }"), [
    "2:22 only maps can be merged | write <<: *name, where &name marks a map further up, or <<: [*one, *two]",
  ]);
});

t.test("what a router does with its routes is inherited key by key, and taken back", async (t) => {
  const routers = routersOf(`
defaults: { multipath: { maximum-paths: 4 }, redistribute: [static], cluster-id: 10.0.0.1, install: false }
kinds: { speaker: { multipath: { as-path-relax: true } } }
routers:
  r1: { redistribute: [connected] }
  r2: { multipath: ~, redistribute: ~, cluster-id: ~, install: ~ }
  r3: { multipath: { maximum-paths: ~ } }`);
  t.match(routers, [
    {
      routing: {
        multipath: { maximumPaths: 4, asPathRelax: true },
        redistribute: ["connected"],
        clusterId: "10.0.0.1",
        install: false,
      },
    },
    { routing: defaultRouting },
    { routing: { multipath: { maximumPaths: 1, asPathRelax: true }, redistribute: ["static"] } },
  ]);
});

t.test("what sessions are told of policies and restarts is inherited, too, and taken back", async (t) => {
  const { routers, links } = topologyOf(`
name: lab
policies: { p: [accept] }
defaults: { import: p, prefix-limit: 9, add-path: both, graceful-restart: full, timers: { restart: 60 } }
kinds: { speaker: { export: p } }
groups: { g: { routers: [r1], allow-own-as: 2 } }
routers: { r1: , r2: { import: ~, prefix-limit: ~, add-path: ~, graceful-restart: ~, timers: { restart: ~ } } }
links: [{ link: r1 -- r2, sessions: { "r[1-2]": { export: ~, allow-own-as: 1 } } }]`);
  t.match(routers, [
    {
      session: {
        importPolicy: "p",
        exportPolicy: "p",
        prefixLimit: 9,
        addPath: "both",
        gracefulRestart: "full",
        allowOwnAs: 2,
        timers: { restartTime: 60 },
      },
    },
    { session: { ...defaultOptions, exportPolicy: "p" } },
  ]);
  for (const { session } of links[0]?.ends ?? []) t.match(session, { exportPolicy: null, allowOwnAs: 1 });
});
