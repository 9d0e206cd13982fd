import t from "tap";
import { defaultRouter, defaultSession, type SessionConfig } from "../../src/bgp/config/config.ts";
import type { Rule } from "../../src/bgp/policy/policy.ts";
import { letsAllPass, sessionRules } from "../../src/kinds/session-rules.ts";
import type { Family, RouterId } from "../../src/net/address.ts";
import { asn } from "../../src/net/asn.ts";
import { prefix } from "../../src/net/prefix.ts";
import { context } from "./recorded.ts";

const peer = context.peers({ router: "r2", ifname: "eth0" });

interface Asked {
  readonly session?: Partial<SessionConfig>;
  readonly rules?: readonly Rule[];
  readonly internal?: boolean;
  readonly family?: Family;
}

/** What a router makes of routes, with one policy for both directions if there are rules. */
function rulesOf(direction: "import" | "export", { session: change, rules, internal, family = 4 }: Asked) {
  const policy = rules ? "p" : null;
  const own = { importPolicy: policy, exportPolicy: policy };
  const session = { ...defaultSession, ifname: "eth0", remoteAs: peer.asn, ...own, ...change };
  const router = {
    ...{
      ...defaultRouter,
      name: "r2",
      asn: internal ? peer.asn : asn(65000),
      routerId: "0.0.0.2" as RouterId,
    },
    ...{ netns: null, log: null, logLevel: "info" as const, originate: [], policies: { p: rules ?? [] } },
    sessions: [session],
  };
  return sessionRules(router, session, { direction, family, peer });
}

const all: Rule = { match: {}, set: {}, action: "accept" };
const reject: Rule = { match: {}, set: {}, action: "reject" };
const ranges = (...texts: string[]) =>
  texts.map((text) => ({ prefix: prefix(text), ge: Number(text.split("/")[1]), le: 24 }));

t.test("nothing said lets all through, and a policy without rules nothing", async (t) => {
  t.ok(letsAllPass(rulesOf("import", {})));
  t.ok(letsAllPass(rulesOf("export", { rules: [all, reject] })));
  t.strictSame(rulesOf("import", { rules: [] }), []);
  t.strictSame(rulesOf("import", { rules: [reject, all] }), []);
  t.notOk(letsAllPass([]));
});

t.test("what a session sets comes before its import policy, and behind its export policy", async (t) => {
  const session = { localPref: 7, med: 5, communities: [1], gracefulShutdown: true };
  t.strictSame(rulesOf("import", { session }), [{ ...all, set: { localPref: 7 } }]);
  const told = { med: 5, communities: { delete: [], add: [1, 0xffff_0000] } };
  t.strictSame(rulesOf("export", { session }), [{ ...all, set: told }]);
  t.strictSame(rulesOf("export", { session, internal: true }), [{ ...all, set: { localPref: 7, ...told } }]);
  const rules: Rule[] = [
    { match: { localPref: { min: 7, max: 7 } }, set: { localPref: null }, action: "accept" },
  ];
  t.strictSame(rulesOf("import", { session, rules }), [
    { match: {}, set: { localPref: 7 }, action: "next" },
    { match: { localPref: { min: 7, max: 7 } }, set: { localPref: 100 }, action: "accept" },
  ]);
});

t.test(
  "prefixes that may pass are matched where rules accept, and those of another family are not there",
  async (t) => {
    const session = {
      importPrefixes: [prefix("10.0.1.0/24"), prefix("10.0.2.0/24"), prefix("2001:db8::/32")],
    };
    const rules: Rule[] = [
      { match: { prefixes: ranges("10.0.1.0/24", "2001:db8::/32") }, set: { med: 1 }, action: "accept" },
      { match: { prefixes: ranges("10.9.0.0/16") }, set: {}, action: "accept" },
      { match: { prefixes: ranges("2001:db9::/32") }, set: {}, action: "reject" },
      all,
    ];
    t.strictSame(rulesOf("import", { session, rules }), [
      { match: { prefixes: ranges("10.0.1.0/24") }, set: { med: 1 }, action: "accept" },
      { ...all, match: { prefixes: ranges("10.0.1.0/24", "10.0.2.0/24") } },
    ]);
    t.strictSame(rulesOf("export", { session: { exportPrefixes: [prefix("10.0.1.0/24")] }, family: 6 }), []);
  },
);

t.test("who told a route is known in an import, and asked for in an export", async (t) => {
  const from = (peers: readonly (string | number)[], action: Rule["action"] = "accept"): Rule => ({
    match: { peers: peers as never },
    set: {},
    action,
  });
  t.strictSame(rulesOf("import", { rules: [from(["eth1", 64513], "reject"), from([64512]), reject] }), [all]);
  t.strictSame(rulesOf("import", { rules: [from(["eth1"], "reject"), from(["eth0"])] }), [all]);
  t.strictSame(rulesOf("export", { rules: [from(["eth1"])] }), [from(["eth1"])]);
});

t.test("next hops are IPv6, and changes to a list say each thing once", async (t) => {
  const rules: Rule[] = [
    { match: { nextHops: [prefix("10.0.0.0/8")] }, set: {}, action: "accept" },
    {
      match: { nextHops: [prefix("10.0.0.0/8"), prefix("fe80::/10")] },
      set: {
        communities: { delete: [1, 2, 2], add: [2, 3, 3] },
        largeCommunities: {
          set: [
            [1, 1, 1],
            [1, 1, 2],
          ],
          delete: [[1, 1, 1]],
          add: [
            [1, 1, 2],
            [1, 1, 3],
          ],
        },
      },
      action: "accept",
    },
  ];
  t.strictSame(rulesOf("import", { rules }), [
    {
      match: { nextHops: [prefix("fe80::/10")] },
      set: {
        communities: { delete: [1], add: [2, 3] },
        largeCommunities: {
          set: [
            [1, 1, 2],
            [1, 1, 3],
          ],
        },
      },
      action: "accept",
    },
  ]);
  const [told] = rulesOf("export", { rules, session: { communities: [1, 9] } });
  t.strictSame(told?.set.communities, { delete: [], add: [2, 3, 1, 9] }, "what the session adds stays");
});

t.test(
  "a rule that rejects changes nothing, and what is behind the last that accepts comes to nothing",
  async (t) => {
    const some: Rule = { match: { origin: "egp" }, set: { med: 1 }, action: "reject" };
    t.strictSame(
      rulesOf("import", { rules: [some, { ...some, action: "accept" }, some, { ...some, action: "next" }] }),
      [
        { ...some, set: {} },
        { ...some, action: "accept" },
      ],
    );
  },
);
