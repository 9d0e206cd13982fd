import { type Endpoint, formatEndpoint } from "../net/endpoint.ts";
import { unreachable } from "../std/errors.ts";
import type { Configure, LabAction, StepAction } from "../topology/action.ts";
import type { LinkEnd, Router, Topology } from "../topology/topology.ts";

/** What has been done to a lab so far. */
export interface Damage {
  /** With the prefixes and settings that routers have by now. */
  readonly topology: Topology;
  /** Interfaces that are set down, as `r1:eth0`. */
  readonly down: ReadonlySet<string>;
  /** Interfaces that drop all that they receive. */
  readonly deaf: ReadonlySet<string>;
  /** Routers whose processes are not there. */
  readonly stopped: ReadonlySet<string>;
  /** Routers whose processes are halted. */
  readonly paused: ReadonlySet<string>;
}

/** A lab to which nothing has been done. */
export function unharmed(topology: Topology): Damage {
  const none: ReadonlySet<string> = new Set();
  return { topology, down: none, deaf: none, stopped: none, paused: none };
}

/** What there is of a lab after a step, and what must be done to it; what routers are told anew is in the topology alone. */
export function harm(
  damage: Damage,
  actions: readonly StepAction[],
): { damage: Damage; actions: readonly LabAction[] } {
  const healed = actions.some(({ type }) => type === "heal") ? healing(damage) : [];
  const others = actions.filter((action) => action.type !== "heal");
  const all = [...healed, ...others];
  return {
    damage: all.reduce(after, damage),
    actions: all.filter((action): action is LabAction => !isTold(action)),
  };
}

type Told = Extract<StepAction, { type: "announce" | "withdraw" | "configure" }>;

const isTold = ({ type }: StepAction) => type === "announce" || type === "withdraw" || type === "configure";

/** All that takes damage away, as far as it can be taken away. */
function healing({ topology, down, deaf, stopped, paused }: Damage): LabAction[] {
  const ends = endsOf(topology);
  const at = (set: ReadonlySet<string>) => ends.filter((end) => set.has(formatEndpoint(end)));
  return [
    ...at(down).map(({ router, ifname }) => ({ type: "link-up", router, ifname }) as const),
    ...at(deaf).map(({ router, ifname }) => ({ type: "unblackhole", router, ifname }) as const),
    ...Array.from(stopped, (router) => ({ type: "start", router }) as const),
    ...Array.from(paused, (router) => ({ type: "resume", router }) as const),
  ];
}

/** Every interface of the lab, once. */
function endsOf({ links, segments, hosts }: Topology): Endpoint[] {
  const cables = links.filter(({ segment }) => segment === null);
  return [...cables, ...segments, ...hosts.map(({ wire }) => wire)].flatMap(({ ends }) => [...ends]);
}

function after(damage: Damage, action: LabAction | Told): Damage {
  const { down, deaf, stopped, paused } = damage;
  switch (action.type) {
    case "link-down":
      return { ...damage, down: withMember(down, formatEndpoint(action)) };
    case "link-up":
    case "link-flap":
      return { ...damage, down: without(down, formatEndpoint(action)) };
    case "blackhole":
      return { ...damage, deaf: withMember(deaf, formatEndpoint(action)) };
    case "unblackhole":
      return { ...damage, deaf: without(deaf, formatEndpoint(action)) };
    case "stop":
    case "kill":
      return {
        ...damage,
        stopped: withMember(stopped, action.router),
        paused: without(paused, action.router),
      };
    case "start":
      return { ...damage, stopped: without(stopped, action.router) };
    case "restart":
      return { ...damage, stopped: without(stopped, action.router), paused: without(paused, action.router) };
    case "pause":
      return stopped.has(action.router) ? damage : { ...damage, paused: withMember(paused, action.router) };
    case "resume":
      return { ...damage, paused: without(paused, action.router) };
    case "reset":
    case "soft-reset":
      return damage;
    case "announce":
    case "withdraw":
    case "configure":
      return { ...damage, topology: told(damage.topology, action) };
    default:
      return unreachable(action);
  }
}

function told(topology: Topology, action: Told): Topology {
  if (action.type === "configure") return configured(topology, action);
  const { router, prefixes, type } = action;
  const originate = (own: Router["originate"]) =>
    type === "announce" ? [...new Set([...own, ...prefixes])] : own.filter((one) => !prefixes.includes(one));
  const routers = topology.routers.map((each) =>
    each.name === router ? { ...each, originate: originate(each.originate) } : each,
  );
  return { ...topology, routers };
}

/** Ends of links that stay as they are stay the same objects: what is known of their policies is kept by them. */
function configured(topology: Topology, { routers, sessions }: Configure): Topology {
  const change = (end: LinkEnd): LinkEnd => {
    const session = sessions.get(formatEndpoint(end));
    return session ? { ...end, session } : end;
  };
  return {
    ...topology,
    routers: topology.routers.map((router) => {
      const routing = routers.get(router.name);
      return routing ? { ...router, routing } : router;
    }),
    links: topology.links.map((link) => ({ ...link, ends: [change(link.ends[0]), change(link.ends[1])] })),
  };
}

function withMember(set: ReadonlySet<string>, member: string): ReadonlySet<string> {
  return new Set([...set, member]);
}

function without(set: ReadonlySet<string>, member: string): ReadonlySet<string> {
  return new Set([...set].filter((each) => each !== member));
}
