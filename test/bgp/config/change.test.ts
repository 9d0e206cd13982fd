import t from "tap";
import { changeSession } from "../../../src/bgp/config/change.ts";
import { defaultSession, defaultTimers, type SessionConfig } from "../../../src/bgp/config/config.ts";
import { asn } from "../../../src/net/asn.ts";

const before: SessionConfig = { ...defaultSession, ifname: "eth0", remoteAs: asn(64513), med: 7 };

t.test("a change says only what is to be different", async (t) => {
  t.strictSame(changeSession(before, {}, []), { type: "changed", session: before });
  const change = { med: null, communities: ["64512:100", "no-export", 5], timers: { connectRetryTime: 9 } };
  t.strictSame(changeSession(before, change, []), {
    type: "changed",
    session: {
      ...before,
      med: null,
      communities: [0xfc00_0064, 0xffff_ff01, 5],
      timers: { ...defaultTimers, connectRetryTime: 9 },
    },
  });
});

t.test("a change that is none is refused with every mistake in it", async (t) => {
  const mistakes = (value: unknown) => {
    const change = changeSession(before, value, ["customers"]);
    return change.type === "refused" ? change.mistakes : [];
  };
  t.match(mistakes(7), [/^the configuration: expected a map of remoteAs, .*, found 7$/]);
  t.match(mistakes({ ifname: "eth1", passive: "yes", communities: ["1:65536"], localPref: -1 }), [
    /^passive: expected true or false, found "yes"$/,
    /^communities\[0\]: "1:65536" is not a community/,
    /^localPref: -1 is not a local preference/,
    /^ifname: unknown key "ifname"/,
  ]);
  t.match(mistakes({ timers: { holdTime: 3 } }), [
    /^timers: keepalive time 3 is not below the hold time 3 \(/,
  ]);
  t.strictSame(mistakes({ importPolicy: "custmers", exportPolicy: "customers" }), [
    'importPolicy: no policy is called "custmers" (did you mean customers?)',
  ]);
  t.match(mistakes({ timers: { connectRetryTime: 0, holdTime: 65536 } }), [
    /holdTime: /,
    /connectRetryTime: /,
  ]);
});
