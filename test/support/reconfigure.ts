import { parseRouterConfig } from "../../src/bgp/config/parse.ts";
import type { Outcome } from "../../src/bgp/control/server.ts";
import type { Router } from "../../src/bgp/speaker/router.ts";
import { sessionName } from "../../src/net/session-name.ts";

/** Gives a router some fields of a configuration otherwise, as JSON has them. @returns what a speaker says to that */
export function reconfigure(router: Router, change: object): Outcome {
  const config = parseRouterConfig({ ...router.config, ...change });
  if ("mistakes" in config) return config;
  return { effects: router.reconfigure(config) ?? ["restart"] };
}

/** The same for one session; a change of its timers says only what is to be different. */
export function reconfigureSession(router: Router, name: string, change: object): Outcome {
  const { timers = {}, ...fields } = change as { timers?: object };
  const sessions = router.config.sessions.map((session) =>
    sessionName(session) === name
      ? { ...session, ...fields, timers: { ...session.timers, ...timers } }
      : session,
  );
  return reconfigure(router, { sessions });
}

/** The same without a session. */
export function removeSession(router: Router, name: string): Outcome {
  return reconfigure(router, {
    sessions: router.config.sessions.filter((session) => sessionName(session) !== name),
  });
}
