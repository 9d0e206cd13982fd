import t from "tap";
import {
  defaultRouter,
  defaultSession,
  type RouterConfig,
  type SessionConfig,
} from "../../../src/bgp/config/config.ts";
import { differenceOf, effectsOfChange, type RouterChange } from "../../../src/bgp/config/difference.ts";
import type { Address, RouterId } from "../../../src/net/address.ts";
import { asn } from "../../../src/net/asn.ts";
import { prefix } from "../../../src/net/prefix.ts";

const session = (ifname: string, change: Partial<SessionConfig> = {}): SessionConfig => ({
  ...defaultSession,
  ifname,
  remoteAs: asn(64513),
  ...change,
});

const before: RouterConfig = {
  ...defaultRouter,
  name: "r1",
  netns: null,
  log: null,
  logLevel: "info",
  asn: asn(64512),
  routerId: "0.0.0.1" as RouterId,
  originate: [prefix("10.0.1.0/24"), prefix("10.0.2.0/24")],
  policies: { own: [] },
  sessions: [session("eth0", { exportPolicy: "own" }), session("eth1")],
};

const steps = (change: Partial<RouterConfig>) => differenceOf(before, { ...before, ...change });

/** Every field, another value, and what that leads to. */
const table: Readonly<Record<keyof RouterConfig, readonly [Partial<RouterConfig>, readonly RouterChange[]]>> =
  {
    name: [{ name: "r2" }, [{ type: "restart", fields: ["name"] }]],
    netns: [{ netns: "/run/netns/r1" }, [{ type: "restart", fields: ["netns"] }]],
    log: [{ log: "/dev/null" }, [{ type: "restart", fields: ["log"] }]],
    logLevel: [{ logLevel: "debug" }, [{ type: "set", field: "logLevel" }]],
    asn: [{ asn: asn(65000), originate: [] }, [{ type: "restart", fields: ["asn"] }]],
    routerId: [{ routerId: "0.0.0.9" as RouterId }, [{ type: "restart", fields: ["routerId"] }]],
    clusterId: [{ clusterId: "0.0.0.9" as RouterId }, [{ type: "restart", fields: ["clusterId"] }]],
    install: [{ install: false }, [{ type: "restart", fields: ["install"] }]],
    redistribute: [{ redistribute: ["static"] }, [{ type: "set", field: "redistribute" }]],
    multipath: [
      { multipath: { maximumPaths: 4, asPathRelax: false } },
      [{ type: "set", field: "multipath" }],
    ],
    originate: [
      { originate: [prefix("10.0.3.0/24"), prefix("10.0.2.0/24")] },
      [
        { type: "withdraw", prefix: prefix("10.0.1.0/24") },
        { type: "announce", prefix: prefix("10.0.3.0/24") },
      ],
    ],
    policies: [
      { policies: { own: [{ match: {}, set: {}, action: "accept" }] } },
      [
        {
          type: "changeSession",
          session: session("eth0", { exportPolicy: "own" }),
          fields: ["exportPolicy"],
        },
      ],
    ],
    sessions: [
      {
        sessions: [
          session("eth2"),
          session("eth1", { peer: "fe80::3" as Address }),
          session("eth0", { exportPolicy: "own", med: 7 }),
        ],
      },
      [
        { type: "removeSession", session: "eth1" },
        { type: "changeSession", session: session("eth0", { exportPolicy: "own", med: 7 }), fields: ["med"] },
        { type: "addSession", session: session("eth2") },
        { type: "addSession", session: session("eth1", { peer: "fe80::3" as Address }) },
      ],
    ],
  };

t.test("every field of a router leads to the fewest steps, and what is the same to none", async (t) => {
  for (const [field, [change, expected]] of Object.entries(table)) {
    t.strictSame(steps(change), expected, field);
  }
  t.strictSame(differenceOf(before, structuredClone(before)), []);
  t.strictSame(steps({ sessions: [...before.sessions].reverse() }), [], "order means nothing");
  t.strictSame(steps({ policies: { ...before.policies, unused: [] } }), [], "nor does what nobody uses");
});

t.test("each step has its effects", async (t) => {
  const effects = (change: Partial<RouterConfig>) => steps(change).map(effectsOfChange);
  t.strictSame(effects({ asn: asn(65000) }), [["restart"]]);
  t.strictSame(effects({ sessions: [] }), [["reset"], ["reset"]]);
  t.strictSame(effects({ originate: [] }), [["readvertise"], ["readvertise"]]);
  t.strictSame(effects({ logLevel: "debug" }), [["live"]]);
  t.strictSame(effects({ sessions: [...before.sessions, session("eth2")] }), [["live"]]);
  t.strictSame(effects(table.policies[0]), [["readvertise"]]);
});
