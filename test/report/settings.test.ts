import t from "tap";
import { defaultRouter, defaultSession, defaultTimers } from "../../src/bgp/config/config.ts";
import { routerSettings, sessionSettings } from "../../src/report/settings.ts";
import { planOf } from "../support/lab-status.ts";

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

t.test(
  "what a router does with its routes is told where it is not the default, its policies aside",
  async (t) => {
    const [router] = planOf("name: lab\nrouters: [r1]").nodes.map((node) => node.router);
    if (router === undefined) throw new Error("no router");
    t.strictSame(routerSettings({ ...router, ...defaultRouter, policies: { p: [] } }), []);
    t.strictSame(routerSettings({ ...router, install: false, redistribute: ["static"] }), [
      "redistribute [static]",
      "install false",
    ]);
  },
);
