import t from "tap";
import { topologyOf } from "./parsing.ts";

/** What groups say of their routers. */
const routersOf = (text: string) => topologyOf(`name: lab\n${text}`).routers;

t.test("a router is in every group whose list or pattern has its name", async (t) => {
  const inGroup = (pattern: string) =>
    routersOf(
      `routers: [leaf1, leaf2, spine1, super-spine1, l1]\ngroups: { g: { routers: [${pattern}], asn: 65000 } }`,
    ).flatMap(({ name, asn }) => (asn === 65000 ? [name] : []));
  const cases = {
    "leaf1, l1": ["leaf1", "l1"],
    '"leaf*", leaf1': ["leaf1", "leaf2"],
    '"*spine1"': ["spine1", "super-spine1"],
    '"l*1"': ["leaf1", "l1"],
    '"*s*i*1*"': ["spine1", "super-spine1"],
    '"super*-*spine1"': ["super-spine1"],
    '"*"': ["leaf1", "leaf2", "spine1", "super-spine1", "l1"],
  };
  for (const [pattern, names] of Object.entries(cases)) t.strictSame(inGroup(pattern), names, pattern);
});

t.test(
  "a router's own word goes over its groups', a later group's over an earlier's, and all over the defaults",
  async (t) => {
    const routers = routersOf(`
defaults: { asn: 65000, log-level: warn, local-pref: 50, timers: { hold: 30, connect-retry: 9 } }
groups:
  10: { routers: ["*"], log-level: info, med: 1, timers: { idle-hold: 2 } }
  9: { routers: [r2, r3], asn: 65009, med: 2, kind: bird, timers: { hold: 60 } }
routers:
  r1:
  r2:
  r3: { asn: 65003, med: 3, timers: { keepalive: 10 } }`);
    const common = {
      logLevel: "info",
      session: { localPref: 50, timers: { connectRetryTime: 9, idleHoldTime: 2 } },
    };
    for (const router of routers) t.match(router, common);
    t.match(routers, [
      { asn: 65000, kind: "speaker", session: { med: 1, timers: { holdTime: 30, keepaliveTime: 10 } } },
      { asn: 65009, kind: "bird", session: { med: 2, timers: { holdTime: 60, keepaliveTime: 20 } } },
      { asn: 65003, kind: "bird", session: { med: 3, timers: { holdTime: 60, keepaliveTime: 10 } } },
    ]);
  },
);

t.test("what a link says goes over a group's word, too", async (t) => {
  const { links } = topologyOf(`
name: lab
groups: { all: { routers: ["*"], passive: false, communities: [no-export], gtsm: true } }
routers: [r1, r2]
links: [{ link: r1 -- r2, sessions: { r1: { communities: [], gtsm: false } } }]`);
  t.match(links[0]?.ends, [
    { session: { communities: [], minHopLimit: null } },
    { session: { communities: [0xffffff01], minHopLimit: 255 } },
  ]);
});
