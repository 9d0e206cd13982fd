import { formatEndpoint } from "../net/endpoint.ts";
import { sessionName } from "../net/session-name.ts";
import type { Check } from "../topology/expect.ts";
import type { Step } from "../topology/step.ts";
import type { Link } from "../topology/topology.ts";
import { compile, type PlanPaths } from "./compile.ts";
import type { Damage } from "./damage.ts";
import type { Expectation, Plan } from "./plan.ts";

/**
 * What a damaged lab must come to: its plan with other prefixes and settings perhaps, and with expectations of what is left of it.
 *
 * Sessions over what is cut must be down at each end that can be asked. Routes are as if they were not there; where one of them
 * asks its peer to keep its routes (RFC 4724), routes are not judged.
 *
 * @throws {RoutesUndecidedError}
 */
export function damagedPlan(
  damage: Damage,
  { checks, limits }: Pick<Step, "checks" | "limits">,
  paths: PlanPaths,
): Plan {
  const { topology } = damage;
  const cut = topology.links.filter((link) => link.expect === "established" && isCut(damage, link));
  const gone = new Set(cut);
  const links = topology.links.map((link): Link => (gone.has(link) ? { ...link, expect: "down" } : link));
  const expect = { ...limits, checks: [...cut.flatMap((link) => downChecks(damage, link)), ...checks] };
  const plan = compile({ ...topology, links, expect }, paths);
  return {
    ...plan,
    expectation: judged(plan.expectation, { damage, isOpen: cut.some((link) => isKept(damage, link)) }),
  };
}

function judged(
  expectation: Expectation,
  { damage, isOpen }: { damage: Damage; isOpen: boolean },
): Expectation {
  const isThere = ({ router }: { readonly router: string }) => !isAway(damage, router);
  return {
    ...expectation,
    sessions: expectation.sessions.filter(isThere),
    routes: isOpen ? [] : expectation.routes.filter(isThere),
    areRoutesOpen: isOpen,
    away: [...damage.stopped, ...damage.paused],
  };
}

const isAway = ({ stopped, paused }: Damage, router: string) => stopped.has(router) || paused.has(router);

/** Whether nothing gets through a link any more, and its ends notice. */
function isCut({ down, deaf, stopped, paused }: Damage, { ends }: Link): boolean {
  const some = (isHit: (end: Link["ends"][0]) => boolean) => ends.some(isHit);
  if (some((end) => down.has(formatEndpoint(end)) || stopped.has(end.router))) return true;
  const isSilent = some((end) => deaf.has(formatEndpoint(end)) || paused.has(end.router));
  // Without a hold time nobody looks whether the other is there (RFC 4271 §4.4).
  return isSilent && ends.every(({ session }) => session.timers.holdTime > 0);
}

/** Whether one end keeps the routes of the other while it cannot be heard. */
function isKept(damage: Damage, { ends: [a, b] }: Link): boolean {
  const keeps = (near: Link["ends"][0], far: Link["ends"][0]) =>
    !isAway(damage, near.router) &&
    far.session.gracefulRestart === "full" &&
    near.session.gracefulRestart !== "off";
  return keeps(a, b) || keeps(b, a);
}

function downChecks(damage: Damage, { ends: [a, b], segment }: Link): Check[] {
  const linkLocals = new Map(damage.topology.routers.map(({ name, linkLocal }) => [name, linkLocal]));
  return [[a, b] as const, [b, a] as const].flatMap(([near, far]): Check[] => {
    const { router, ifname } = near;
    if (isAway(damage, router)) return [];
    const peer = segment === null ? null : (linkLocals.get(far.router) ?? null);
    const place = damage.topology.places.get(formatEndpoint(near));
    const session = sessionName({ ifname, peer });
    return [{ type: "session", router, session, state: "down", ...(place && { place }) }];
  });
}
