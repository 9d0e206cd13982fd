import {
  defaultRouter,
  defaultSession,
  type RouterConfig,
  type SessionConfig,
} from "../bgp/config/config.ts";

/** What a router does with its routes that goes without saying for none, but for its policies: each setting that is not the default. */
export function routerSettings(router: RouterConfig): string[] {
  const { policies, ...defaults } = defaultRouter;
  return differences(router, defaults);
}

/** What a session is told that goes without saying for none: each setting that is not the default, as `name value`. */
export function sessionSettings(session: SessionConfig): string[] {
  const { peer, linkLocal, timers: defaultTimers, ...defaults } = defaultSession;
  const { timers } = session;
  return [...differences(session, defaults), ...differences(timers, defaultTimers)];
}

function differences<Settings extends object>(settings: Settings, defaults: Partial<Settings>): string[] {
  return (Object.keys(defaults) as (keyof Settings & string)[])
    .filter((name) => JSON.stringify(settings[name]) !== JSON.stringify(defaults[name]))
    .map((name) => `${name} ${JSON.stringify(settings[name])?.replaceAll('"', "")}`);
}
