import t from "tap";
import {
  defaultSession,
  defaultTimers,
  type SessionConfig,
  type Timers,
} from "../../../src/bgp/config/config.ts";
import { type Changeable, changedFields, type Effect, effectsOf } from "../../../src/bgp/config/effect.ts";
import type { Address, RouterId } from "../../../src/net/address.ts";
import { asn } from "../../../src/net/asn.ts";

const before: SessionConfig = { ...defaultSession, ifname: "eth0", remoteAs: asn(64513) };

/** Every field that may change, another value, and what that leads to. */
const table: readonly [Partial<Changeable> | { timers: Partial<Timers> }, ...Effect[]][] = [
  [{ linkLocal: "fe80::1" as Address }, "live"],
  [{ remoteAs: "external" }, "reset"],
  [{ remoteId: "0.0.0.9" as RouterId }, "reset"],
  [{ passive: true }, "live"],
  [{ families: [6] }, "reset"],
  [{ role: "peer" }, "reset"],
  [{ strictRole: true }, "reset"],
  [{ dampPeerOscillations: true }, "live"],
  [{ collisionDetectEstablished: true }, "live"],
  [{ enforceFirstAs: true }, "reimport"],
  [{ allowOwnAs: 1 }, "reimport"],
  [{ removePrivateAs: true }, "readvertise"],
  [{ routeReflectorClient: true }, "reimport", "readvertise"],
  [{ prefixLimit: 7 }, "reimport"],
  [{ requirePolicy: true }, "reimport", "readvertise"],
  [{ importPolicy: "customers" }, "reimport"],
  [{ exportPolicy: "customers" }, "readvertise"],
  [{ addPath: "both" }, "reset"],
  [{ gracefulRestart: "off" }, "reset"],
  [{ gracefulShutdown: true }, "readvertise"],
  [{ blackhole: true }, "reimport"],
  [{ med: 5 }, "readvertise"],
  [{ communities: [1] }, "readvertise"],
  [{ localPref: 200 }, "reimport", "readvertise"],
  [{ importPrefixes: [] }, "reimport"],
  [{ exportPrefixes: [] }, "readvertise"],
  [{ nextHop: { ipv4: "fe80::7" as Address } }, "readvertise"],
  [{ routerLifetime: 1800 }, "live"],
  [{ md5Key: "secret" }, "reset"],
  [{ minHopLimit: 255 }, "reset"],
  [{ timers: { holdTime: 30 } }, "reset"],
  [{ timers: { keepaliveTime: 2 } }, "reset"],
  [{ timers: { connectRetryTime: 5 } }, "live"],
  [{ timers: { idleHoldTime: 5 } }, "live"],
  [{ timers: { delayOpenTime: 5 } }, "live"],
  [{ timers: { connectRetryJitter: [1, 1] } }, "live"],
  [{ timers: { idleHoldJitter: [1, 1] } }, "live"],
  [{ timers: { sendHoldTime: 900 } }, "live"],
  [{ timers: { restartTime: 60 } }, "live"],
];

const changed = (change: (typeof table)[number][0]): SessionConfig => ({
  ...before,
  ...change,
  timers: { ...defaultTimers, ...change.timers },
});

const effectsBetween = (a: SessionConfig, b: SessionConfig) => effectsOf(changedFields(a, b));

t.test("every field that may change has its effect, and nothing has none", async (t) => {
  for (const [change, ...effects] of table) {
    t.strictSame(effectsBetween(before, changed(change)), effects, JSON.stringify(change));
  }
  t.strictSame(effectsBetween(before, structuredClone(before)), []);
  const { ifname, peer, timers, ...fields } = before;
  const told = table.flatMap(([{ timers: own, ...change }]) => Object.keys({ ...change, ...own }));
  t.strictSame(told.sort(), Object.keys({ ...fields, ...timers }).sort(), "the table is complete");
});

t.test("a reset makes everything else needless; other effects add up", async (t) => {
  t.strictSame(effectsBetween(before, { ...before, localPref: 1, role: "peer", passive: true }), ["reset"]);
  t.strictSame(effectsBetween(before, { ...before, med: 1, passive: true }), ["live", "readvertise"]);
});
