import type { RouterConfig, SessionConfig } from "../config/config.ts";
import type { Policy } from "../policy/policy.ts";
import type { PeerPolicy } from "../rib/route.ts";
import type { SessionParameters } from "../session/parameters.ts";

/** What a session's state machine needs of its configuration. */
export function parametersOf(
  session: SessionConfig,
  router: RouterConfig,
  restarting: boolean,
): SessionParameters {
  const { timers, md5Key: _secret, peer: _address, ...parameters } = session;
  const { asn, routerId, name: hostname } = router;
  return {
    ...parameters,
    ...timers,
    asn,
    routerId,
    hostname,
    restarting: restarting && session.gracefulRestart === "full",
    forwarding: false,
  };
}

/** What is done to a session's routes. @param policies of the router */
export function policyOf(session: SessionConfig, policies: RouterConfig["policies"]): PeerPolicy {
  const { importPrefixes, exportPrefixes, importPolicy, exportPolicy } = session;
  const named = (name: string | null): Policy | null =>
    name === null ? null : { name, rules: policies[name] ?? [] };
  const {
    enforceFirstAs,
    allowOwnAs,
    removePrivateAs,
    routeReflectorClient,
    prefixLimit,
    requirePolicy,
    gracefulShutdown,
    blackhole,
    med,
    communities,
    localPref,
    nextHop,
  } = session;
  return {
    enforceFirstAs,
    allowOwnAs,
    removePrivateAs,
    routeReflectorClient,
    prefixLimit,
    requirePolicy,
    gracefulShutdown,
    blackhole,
    med,
    communities,
    localPref,
    nextHop,
    importPrefixes: importPrefixes && new Set(importPrefixes),
    exportPrefixes: exportPrefixes && new Set(exportPrefixes),
    import: named(importPolicy),
    export: named(exportPolicy),
  };
}
