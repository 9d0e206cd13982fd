import t from "tap";
import { defaultRouter, defaultSession, type SessionConfig } from "../../src/bgp/config/config.ts";
import type { Rule } from "../../src/bgp/policy/policy.ts";
import { birdPolicy } from "../../src/kinds/bird-policy.ts";
import type { Address, RouterId } from "../../src/net/address.ts";
import { asn } from "../../src/net/asn.ts";
import { prefix } from "../../src/net/prefix.ts";
import { context } from "./recorded.ts";

/** The words of a channel; that BIRD takes them, and does what they say, was tried with 2.0.12. */
function words(change: Partial<SessionConfig>, { internal = false, rules = [] as Rule[] } = {}): string {
  const linkLocal = "fe80::2" as Address;
  const session = { ...defaultSession, ifname: "eth0", linkLocal, remoteAs: asn(64512), ...change };
  const router = {
    ...{ ...defaultRouter, name: "r2", asn: asn(internal ? 64512 : 64513), routerId: "0.0.0.2" as RouterId },
    ...{ netns: null, log: null, logLevel: "info" as const, originate: [], policies: { p: rules } },
    sessions: [session],
  };
  return birdPolicy(session, { family: 4, router, peers: context.peers }).replace(/\s+/g, " ");
}

const routed = "source ~ [ RTS_STATIC, RTS_BGP ]";

t.test("without a policy all is taken, and all that is routed is told", async (t) => {
  t.equal(
    words({}),
    `import all; export filter { if !(${routed}) then reject; bgp_next_hop = fe80::2; accept; };`,
  );
});

t.test("a local preference is set on what comes in, and inside the AS on what goes out", async (t) => {
  const taken = "import filter { bgp_local_pref = 300; accept; };";
  t.equal(
    words({ localPref: 300 }),
    `${taken} export filter { if !(${routed}) then reject; bgp_next_hop = fe80::2; accept; };`,
  );
  t.equal(
    words({ localPref: 300 }, { internal: true }),
    `${taken} export filter { if !(${routed}) then reject; bgp_next_hop = fe80::2; bgp_local_pref = 300; accept; };`,
  );
});

t.test("a MED and communities are set on what goes out", async (t) => {
  t.equal(
    words({ med: 0, communities: [0xffffff01, 0xfc000064] }),
    `import all; export filter { if !(${routed}) then reject; bgp_next_hop = fe80::2; bgp_med = 0; bgp_community.add((65535,65281)); ` +
      "bgp_community.add((64512,100)); accept; };",
  );
});

t.test("filters and preferences go together; what lets nothing through needs none", async (t) => {
  const [own, other] = [prefix("10.0.0.0/8"), prefix("2001:db8::/32")];
  t.equal(
    words({ importPrefixes: [own, other], exportPrefixes: [other], localPref: 1, med: 2 }),
    "import filter { if net ~ [ 10.0.0.0/8{8,8} ] then { bgp_local_pref = 1; accept; } reject; }; export none;",
  );
});

t.test("a policy comes behind what the session sets, and before what it tells of everything", async (t) => {
  const rules: Rule[] = [
    { match: { localPref: { min: 0, max: 50 } }, set: {}, action: "reject" },
    { match: { peers: ["eth0"] }, set: { communities: { add: [65537] } }, action: "next" },
    { match: {}, set: { med: null }, action: "accept" },
  ];
  t.equal(
    words({ importPolicy: "p", exportPolicy: "p", localPref: 300, med: 7 }, { rules }),
    "import filter { bgp_local_pref = 300; if (defined(bgp_local_pref) && bgp_local_pref ~ [ 0..50 ]) then { reject; } " +
      "bgp_community.add((1,1)); unset(bgp_med); accept; }; " +
      `export filter { if !(${routed}) then reject; bgp_next_hop = fe80::2; if (defined(bgp_local_pref) && bgp_local_pref ~ [ 0..50 ]) then { reject; } ` +
      'if (proto = "session_0") then { bgp_community.add((1,1)); } bgp_med = 7; accept; };',
  );
});

t.test("several paths, limits and shutdowns are a channel's, too", async (t) => {
  t.equal(
    words({ addPath: "receive", prefixLimit: 5 }),
    `import all; export filter { if !(${routed}) then reject; bgp_next_hop = fe80::2; accept; }; add paths rx; import limit 5 action restart;`,
  );
  t.match(words({ addPath: "both" }), /add paths on;$/);
  t.match(words({ gracefulShutdown: true }), /bgp_community\.add\(\(65535,0\)\); accept; };/);
});
