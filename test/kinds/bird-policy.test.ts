import t from "tap";
import { defaultSession, type SessionConfig } from "../../src/bgp/config/config.ts";
import { birdPolicy } from "../../src/kinds/bird-policy.ts";
import type { Address } from "../../src/net/address.ts";
import { asn } from "../../src/net/asn.ts";
import { prefix } from "../../src/net/prefix.ts";

/** The words of a channel; that BIRD takes them, and does what they say, was tried with 2.0.12. */
function words(change: Partial<SessionConfig>, { internal = false } = {}): string {
  const linkLocal = "fe80::2" as Address;
  const session = { ...defaultSession, ifname: "eth0", linkLocal, remoteAs: asn(65000), ...change };
  return birdPolicy(session, { family: 4, internal });
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
    "import filter { if !(net ~ [ 10.0.0.0/8 ]) then reject; bgp_local_pref = 1; accept; }; export none;",
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
