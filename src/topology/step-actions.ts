import type { Endpoint } from "../net/endpoint.ts";
import type { SessionEnd } from "../net/session-name.ts";
import { type LabAction, routerActions, type StepAction } from "./action.ts";
import type { ActionsText } from "./action-text.ts";
import { nobody } from "./groups.ts";
import { abilitiesOf } from "./kind-abilities.ts";
import { findEnds, findSessions, type Nothing, type StepLab } from "./step-targets.ts";
import type { TargetText } from "./target-text.ts";
import type { Path } from "./tree.ts";

/** What actions are resolved with. */
export interface ActionContext {
  readonly lab: StepLab;
  /** @param path within the map of actions */
  readonly refuse: (path: Path, problem: Nothing) => void;
}

/** What a map of actions does, part by part of the lab, but for `configure`; what stands for nothing, or cannot be done, is a mistake. */
export function resolveActions(text: ActionsText, context: ActionContext): StepAction[] {
  return [
    ...linkActions(text, context),
    ...routerActions.flatMap((type) => routerAction(type, text, context)),
    ...cutsOf(text, context),
    ...("heal" in text ? [{ type: "heal" } as const] : []),
    ...sessionActions(text, context),
    ...announcements(text, context),
  ];
}

/** The routers of a pattern. */
function routersOf(patterns: readonly string[], path: Path, { lab, refuse }: ActionContext): string[] {
  return patterns.flatMap((pattern, index) => {
    const { names, missing } = lab.routers.select(pattern);
    if (missing !== undefined) refuse([...path, index], noRouter(missing, lab));
    return names;
  });
}

function noRouter(name: string, { topology, guess }: StepLab): Nothing {
  const isHost = topology.hosts.some((host) => host.name === name);
  if (!isHost) return nobody(name, guess);
  return { message: `${name} is a host, and runs nothing`, hint: "only its link can fail" };
}

function routerAction(type: (typeof routerActions)[number], text: ActionsText, context: ActionContext) {
  const names = new Set(routersOf(text[type] ?? [], [type], context));
  return Array.from(names, (router): LabAction => ({ type, router }));
}

function linkActions(text: ActionsText, context: ActionContext): LabAction[] {
  const ends = (targets: readonly TargetText[] | undefined, path: Path): readonly Endpoint[][] =>
    (targets ?? []).flatMap((target, index) => {
      const found = findEnds(context.lab, target);
      if (!("message" in found)) return found;
      context.refuse([...path, index], found);
      return [];
    });
  // One end that is down takes the carrier from the other.
  const first = (found: readonly Endpoint[][]) => found.flatMap((own) => own.slice(0, 1));
  const at = ({ router, ifname }: Endpoint): Endpoint => ({ router, ifname });
  const { link, for: forMs = 100 } = text["link-flap"] ?? {};
  return [
    ...first(ends(text["link-down"], ["link-down"])).map(
      (end) => ({ type: "link-down", ...at(end) }) as const,
    ),
    ...first(ends(link, ["link-flap"])).map((end) => ({ type: "link-flap", ...at(end), forMs }) as const),
    ...(["link-up", "blackhole", "unblackhole"] as const).flatMap((type) =>
      ends(text[type], [type]).flatMap((own) => own.map((end) => ({ type, ...at(end) }))),
    ),
  ];
}

/** A partition is a blackhole in both directions of each link between two groups. */
function cutsOf({ partition = [] }: ActionsText, context: ActionContext): LabAction[] {
  const { lab, refuse } = context;
  const groups = new Map<string, number>();
  for (const [index, patterns] of partition.entries()) {
    for (const name of routersOf(patterns, ["partition", index], context)) {
      const other = groups.get(name) ?? index;
      groups.set(name, index);
      if (other === index) continue;
      refuse(["partition", index], {
        message: `${name} is in two groups`,
        hint: "groups have no router in common",
      });
    }
  }
  if (partition.length === 0) return [];
  const cut = lab.topology.links.filter(({ ends: [a, b] }) => groups.get(a.router) !== groups.get(b.router));
  if (cut.length === 0) {
    refuse(["partition"], {
      message: "no link is between the groups",
      hint: "groups part routers that are linked",
    });
  }
  const shared = cut.find(({ segment }) => segment !== null);
  if (shared) {
    const [a, b] = shared.ends;
    const message = `${a.router} and ${b.router} are on one shared link, which cannot be cut between them`;
    refuse(["partition"], { message, hint: "put all routers of a shared link into one group" });
  }
  return cut.flatMap(({ ends }) =>
    ends.map(({ router, ifname }) => ({ type: "blackhole", router, ifname }) as const),
  );
}

function sessionActions(text: ActionsText, context: ActionContext): LabAction[] {
  return (["reset", "soft-reset"] as const).flatMap((type) => {
    const found = (text[type] ?? []).flatMap((target, index) => {
      const sessions = findSessions(context.lab, target);
      if ("message" in sessions) context.refuse([type, index], sessions);
      return "message" in sessions ? [] : sessions.map((own) => ({ own, path: [type, index] }));
    });
    return found.flatMap(({ own, path }) => {
      const able = own.filter(({ router }) => canReset(router, context.lab));
      const [first] = own;
      if (able.length === 0 && first) context.refuse(path, unable(first));
      // One end of a session that ends is enough; routes are asked for again at both.
      return (type === "reset" ? able.slice(0, 1) : able).map((end) => ({ type, ...end }));
    });
  });
}

function canReset(name: string, { topology }: StepLab): boolean {
  const router = topology.routers.find((each) => each.name === name);
  return router === undefined || (abilitiesOf[router.kind]?.resets ?? true);
}

const unable = ({ router }: SessionEnd): Nothing => ({
  message: `the program of ${router} cannot reset a session while it runs`,
  hint: "reset it at its other end, or restart the router",
});

function announcements(text: ActionsText, context: ActionContext): StepAction[] {
  return (["announce", "withdraw"] as const).flatMap((type) => {
    const { router: pattern, prefixes } = text[type] ?? {};
    if (pattern === undefined || prefixes === undefined) return [];
    const names = routersOf([pattern], [type, "router"], context);
    return names.map((router) => ({ type, router, prefixes }));
  });
}
