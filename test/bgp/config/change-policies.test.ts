import t from "tap";
import { changePolicies } from "../../../src/bgp/config/change-policies.ts";
import { defaultSession, type SessionConfig } from "../../../src/bgp/config/config.ts";
import { asn } from "../../../src/net/asn.ts";

const session = (ifname: string, importPolicy: string | null): SessionConfig => ({
  ...defaultSession,
  ifname,
  remoteAs: asn(64513),
  importPolicy,
});

const before = { policies: { old: [] }, sessions: [session("eth0", "old"), session("eth1", null)] };

t.test("other policies come with what sessions make of them", async (t) => {
  const change = {
    policies: { all: [{}] },
    sessions: { eth0: { importPolicy: null }, eth1: { exportPolicy: "all" } },
  };
  t.strictSame(changePolicies(before, change), {
    type: "changed",
    policies: { all: [{ match: {}, set: {}, action: "accept" }] },
    sessions: [session("eth0", null), { ...session("eth1", null), exportPolicy: "all" }],
  });
});

t.test("a policy that a session has cannot go, and one that it gets must be there", async (t) => {
  const mistakes = (value: unknown) => {
    const change = changePolicies(before, value);
    return change.type === "refused" ? change.mistakes : [];
  };
  t.strictSame(mistakes({ policies: {} }), [
    'sessions[0].importPolicy: no policy is called "old" (there are none)',
  ]);
  t.strictSame(mistakes({ policies: { old: [] }, sessions: { eth1: { exportPolicy: "odl" } } }), [
    'sessions[1].exportPolicy: no policy is called "odl" (did you mean old?)',
  ]);
  t.match(
    mistakes({ policies: { old: [{ match: { asPath: "(" } }] }, sessions: { eth0: { passive: true } } }),
    [
      /^policies\.old\[0\]\.match\.asPath: "\(" is no regular expression over AS paths: a \) is missing/,
      /^sessions\.eth0\.passive: unknown key "passive"/,
    ],
  );
  t.match(mistakes(7), [/^the configuration: expected a map/]);
});
