import t from "tap";
import { defaultSession, defaultTimers } from "../../src/bgp/config/config.ts";
import { sessionSettings } from "../../src/report/settings.ts";

const session = { ...defaultSession, ifname: "eth0", remoteAs: "any" } as const;

t.test("a session of which nothing is said has no settings to tell", async (t) => {
  t.strictSame(sessionSettings(session), []);
});

t.test("each setting that is not the default is told, timers among them", async (t) => {
  const timers = { ...defaultTimers, holdTime: 30 };
  t.strictSame(sessionSettings({ ...session, passive: true, families: [4], role: "peer", timers }), [
    "passive true",
    "families [4]",
    "role peer",
    "holdTime 30",
  ]);
});
