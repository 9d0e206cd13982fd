import { splitHint } from "../bgp/config/message.ts";
import { keepaliveProblem } from "../bgp/config/timers.ts";
import { formatEndpoint } from "../net/endpoint.ts";
import type { Configure } from "./action.ts";
import type { ActionsText } from "./action-text.ts";
import { placeOf } from "./check-kinds.ts";
import type { Draft } from "./draft.ts";
import { nobody } from "./groups.ts";
import { routingInability, sessionInability } from "./inability.ts";
import type { ResolvedWire } from "./links.ts";
import { policiesOf } from "./policies.ts";
import { policyInability } from "./policy-inability.ts";
import { type Layers, resolveRouters } from "./routers.ts";
import { routingKeys } from "./routing-text.ts";
import { layerSession } from "./session-options.ts";
import type { ActionContext } from "./step-actions.ts";
import { findEnds } from "./step-targets.ts";
import { parseTarget } from "./target-text.ts";
import type { LinkEnd, Router } from "./topology.ts";
import type { Path } from "./tree.ts";

type Settings = NonNullable<ActionsText["configure"]>[string];

/** What steps have said so far of routers and ends of links, over what the file says of them. */
export class StepSettings {
  readonly #draft: Draft;
  readonly #layers: Layers;
  readonly #wires: readonly ResolvedWire[];
  readonly #routers = new Map<string, Settings[]>();
  /** By end, `r1:eth0`. */
  readonly #ends = new Map<string, Settings[]>();

  constructor({ draft, layers, wires }: { draft: Draft; layers: Layers; wires: readonly ResolvedWire[] }) {
    this.#draft = draft;
    this.#layers = layers;
    this.#wires = wires;
  }

  /** What a `configure` leads to, after all those before it. */
  add(text: NonNullable<ActionsText["configure"]>, context: ActionContext): Configure {
    const touched = new Set<string>();
    for (const [target, settings] of Object.entries(text)) {
      const path = ["configure", target];
      for (const router of this.#note({ target, settings, path }, context)) touched.add(router);
    }
    const routers = this.#resolve(touched);
    const ends = this.#wires.flatMap((wire) => wire.ends.map((end) => ({ end, wire })));
    const sessions = ends.flatMap(({ end, wire }) => {
      const router = routers.get(end.router);
      return router ? [[formatEndpoint(end), this.#sessionAt(end, { router, wire })] as const] : [];
    });
    this.#checkTimers(sessions, context);
    this.#checkKinds(text, { routers, sessions }, context);
    this.#checkPolicies(text, routers, context);
    return {
      type: "configure",
      routers: new Map(Array.from(routers, ([name, { routing }]) => [name, routing])),
      sessions: new Map(sessions),
      targets: Object.keys(text),
    };
  }

  /** Keeps what is said, and tells of which routers it is. */
  #note(
    { target, settings, path }: { target: string; settings: Settings; path: Path },
    context: ActionContext,
  ): readonly string[] {
    const { lab, refuse } = context;
    if (!target.includes(":")) {
      const { names, missing } = lab.routers.select(target);
      if (missing !== undefined) refuse(path, nobody(missing, lab.guess));
      for (const name of names) keep(this.#routers, name, settings);
      return names;
    }
    const parsed = parseTarget(target);
    const found = "message" in parsed ? parsed : findEnds(lab, parsed);
    if ("message" in found) {
      refuse(path, { hint: "write a router, or an end of a link such as r1:eth0", ...found });
      return [];
    }
    const routing = Object.keys(settings).find((key) => key in routingKeys);
    if (routing !== undefined) {
      refuse([...path, routing], {
        message: `${routing} is a router's, not a session's`,
        hint: "name the router alone",
      });
    }
    const ends = found.flat();
    for (const end of ends) keep(this.#ends, formatEndpoint(end), settings);
    return [...new Set(ends.map(({ router }) => router))];
  }

  #resolve(names: ReadonlySet<string>): Map<string, Router> {
    const draft = {
      ...this.#draft,
      routers: new Map([...this.#draft.routers].filter(([name]) => names.has(name))),
    };
    const layers = Array.from(names, (name) => {
      const more = (this.#routers.get(name) ?? []).map((body) => ({ body, path: [] }));
      return [name, [...(this.#layers.get(name) ?? []), ...more]] as const;
    });
    return resolveRouters(draft, new Map(layers));
  }

  #sessionAt(end: LinkEnd, { router, wire }: { router: Router; wire: ResolvedWire }): LinkEnd["session"] {
    const own = this.#ends.get(formatEndpoint(end)) ?? [];
    return [wire.draft.sessions.get(end.router)?.text, ...own].reduce(layerSession, router.session);
  }

  /** What is said of programs that cannot do it, where this step says it. */
  #checkKinds(
    text: NonNullable<ActionsText["configure"]>,
    {
      routers,
      sessions,
    }: { routers: ReadonlyMap<string, Router>; sessions: readonly (readonly [string, LinkEnd["session"]])[] },
    { refuse }: ActionContext,
  ): void {
    const said = Object.entries(text).map(([target, body]) => ({ body, path: ["configure", target] }));
    const problems = [
      ...[...routers.values()].flatMap(routingInability),
      ...sessions.flatMap(([end, session]) => {
        const router = routers.get(end.split(":")[0] ?? "");
        return router ? sessionInability(router, session) : [];
      }),
    ];
    for (const { below, ...problem } of problems) refuse(placeOf(below, said) ?? ["configure"], problem);
  }

  /** What their policies say. */
  #checkPolicies(
    text: NonNullable<ActionsText["configure"]>,
    routers: ReadonlyMap<string, Router>,
    { lab, refuse }: ActionContext,
  ): void {
    const said = Object.entries(text).map(([target, body]) => ({ body, path: ["configure", target] }));
    const policies = policiesOf(this.#draft);
    const asns = new Map(lab.topology.routers.map(({ name, asn }) => [name, asn]));
    for (const wire of this.#wires) {
      for (const end of wire.ends) {
        const router = routers.get(end.router);
        const far = wire.ends.find((other) => other !== end)?.router ?? "";
        if (!router) continue;
        const session = this.#sessionAt(end, { router, wire });
        const surroundings = { policies, external: router.asn !== asns.get(far) };
        for (const { direction, message, hint } of policyInability(router, session, surroundings)) {
          refuse(placeOf([direction], said) ?? ["configure"], { message, hint });
        }
      }
    }
  }

  #checkTimers(
    sessions: readonly (readonly [string, LinkEnd["session"]])[],
    { refuse }: ActionContext,
  ): void {
    for (const [, { timers }] of sessions) {
      const problem = keepaliveProblem(timers);
      if (problem === undefined) continue;
      const { message, hint = "set both hold and keepalive" } = splitHint(problem);
      refuse(["configure"], { message, hint });
      return;
    }
  }
}

function keep(map: Map<string, Settings[]>, key: string, settings: Settings): void {
  map.set(key, [...(map.get(key) ?? []), settings]);
}
