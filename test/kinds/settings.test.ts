import t from "tap";
import { daemonsOf } from "../../src/kinds/kinds.ts";
import { abilitiesOf } from "../../src/topology/kind-abilities.ts";
import type { KindName } from "../../src/topology/topology.ts";
import { planOf } from "../support/lab-status.ts";
import { context } from "./recorded.ts";

/** A value for each key, other than the one that holds without it, and what else it takes to mean anything. */
const keys: Readonly<Record<string, string>> = {
  families: "families: [ipv6-unicast]",
  remoteAs: "remote-as: external",
  routerLifetime: "router-lifetime: 1800",
  passive: "passive: true",
  gracefulShutdown: "graceful-shutdown: true",
  localPref: "asn: 64512, local-pref: 7",
  med: "med: 7",
  communities: 'communities: ["1:2"]',
  importPrefixes: "import-prefixes: []",
  exportPrefixes: "export-prefixes: []",
  importPolicy: "import: [reject]",
  exportPolicy: "export: [reject]",
  md5Key: "md5: key",
  minHopLimit: "gtsm: true",
  role: "role: peer",
  strictRole: "role: peer, strict-role: true",
  routeReflectorClient: "asn: 64512, route-reflector-client: true",
  prefixLimit: "prefix-limit: 7",
  allowOwnAs: "allow-own-as: 1",
  addPath: "add-path: receive",
  gracefulRestart: "graceful-restart: full",
  enforceFirstAs: "enforce-first-as: true",
};

const timers: Readonly<Record<string, string>> = {
  holdTime: "timers: { hold: 30 }",
  keepaliveTime: "timers: { keepalive: 1 }",
  connectRetryTime: "timers: { connect-retry: 7 }",
  restartTime: "graceful-restart: full, timers: { restart: 7 }",
  delayOpenTime: "timers: { delay-open: 1 }",
};

const routing: Readonly<Record<string, string>> = {
  clusterId: "asn: 64512, route-reflector-client: true, cluster-id: 9.9.9.9",
  multipath: "multipath: { maximum-paths: 2 }",
  install: "install: false",
};

/** What stands for the same, whatever a program is told. */
const nothingToSay: Readonly<Partial<Record<KindName, readonly string[]>>> = {
  // They are told the number of their peer's AS, and two of them give the kernel no routes, and carry one family or dial nobody.
  bird: ["remoteAs"],
  gobgp: ["remoteAs", "install"],
  openbgpd: ["remoteAs", "install", "families"],
  // It takes its own AS, and fe80 leaves such routes out when it reads them.
  exabgp: ["remoteAs", "install", "passive", "allowOwnAs"],
};

function filesOf(kind: string, body: string): string {
  const families = kind === "openbgpd" && !body.includes("families") ? "families: [ipv6-unicast], " : "";
  const plan = planOf(
    `name: lab\nrouters: { r1: , r2: { kind: ${kind}, ${families}originate: ["2001:db8::/32"], ${body} } }\nlinks: [r1 -- r2]\n`,
  );
  const daemon = daemonsOf(plan, context).find(({ routers }) => routers.includes("r2"));
  return JSON.stringify([daemon?.command, daemon?.files]);
}

/** The part of a body that others need to mean anything. */
const without = (body: string) => body.split(", ").slice(0, -1).join(", ") || "asn: 64513";

t.test("whatever a kind takes is in what its program is given", async (t) => {
  for (const [kind, abilities] of Object.entries(abilitiesOf)) {
    if (abilities === undefined) continue;
    const taken = [
      ...Array.from(abilities.session, (key) => [key, keys[key]] as const),
      ...Array.from(abilities.timers, (key) => [key, timers[key]] as const),
      ...Array.from(abilities.routing, (key) => [key, routing[key]] as const),
    ];
    for (const [key, body] of taken) {
      if (body === undefined) throw new Error(`there is no value for ${key}`);
      const isSilent = nothingToSay[kind as KindName]?.includes(key) ?? false;
      t.equal(filesOf(kind, body) === filesOf(kind, without(body)), isSilent, `${kind}: ${body}`);
    }
  }
});
