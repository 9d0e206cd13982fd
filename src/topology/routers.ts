import { defaultTimers, type Timers } from "../bgp/config/config.ts";
import { splitHint } from "../bgp/config/message.ts";
import { keepaliveProblem } from "../bgp/config/timers.ts";
import { type Address, formatAddress, routerIdFromNumber } from "../net/address.ts";
import { type Asn, asn } from "../net/asn.ts";
import type { Draft, DraftRouter } from "./draft.ts";
import { groupsByRouter } from "./groups.ts";
import { defaultRouting, layerRouting } from "./routing-text.ts";
import type { DefaultsText } from "./schema.ts";
import { defaultOptions, layerSession, layerTimers } from "./session-options.ts";
import type { Mistake } from "./source.ts";
import type { Router } from "./topology.ts";
import { locate, locateKey, type Path, type Tree } from "./tree.ts";

/** How many AS numbers for private use fit in two octets, from 64512 on (RFC 6996 §5). */
const twoOctetPrivateAsns = 1023;

/** Fills in every router's defaults; a router that is wrong itself is left out. */
export function resolveRouters(draft: Draft): Map<string, Router> {
  const { defaults, routers } = draft;
  const groups = groupsByRouter(draft);
  const shared = layer(unsaid, defaults);
  const firstAsn = routers.size > twoOctetPrivateAsns ? 4_200_000_001 : 64_512;
  const resolved = new Map<string, Router>();
  for (const [index, [name, { body }]] of [...routers].entries()) {
    if (body === undefined) continue;
    const place = index + 1;
    const own = [...(groups.get(name) ?? []).map((group) => group.body), body].reduce(layer, shared);
    resolved.set(name, {
      name,
      kind: own.kind,
      asn: own.asn ?? asn(firstAsn + index),
      routerId: body["router-id"] ?? routerIdFromNumber(place),
      linkLocal: body["link-local"] ?? linkLocalFromNumber(place),
      originate: body.originate ?? [],
      logLevel: own.logLevel,
      routing: own.routing,
      session: own.session,
    });
  }
  return resolved;
}

/** Mistakes that show only when the defaults are filled in. */
export function checkRouters(tree: Tree, draft: Draft, resolved: ReadonlyMap<string, Router>): Mistake[] {
  return [
    ...checkTimers(tree, draft),
    ...checkRouterIds(tree, draft, resolved),
    ...Array.from(draft.routers, ([name, router]) => checkOriginate(tree, name, router)).flat(),
  ];
}

function checkTimers(tree: Tree, draft: Draft): Mistake[] {
  const { defaults, routers, links } = draft;
  const groups = groupsByRouter(draft);
  const shared = layerTimers(defaultTimers, defaults?.timers);
  const layers: { path: Path; timers: Timers }[] = [{ path: ["defaults"], timers: shared }];
  const byRouter = new Map<string, Timers>();
  for (const [name, { body }] of routers) {
    let sound = soundTimers(shared, defaultTimers);
    const own = [...(groups.get(name) ?? []), { path: ["routers", name], body }];
    for (const { path, body } of own) {
      const timers = layerTimers(sound, body?.timers);
      if (body?.timers) layers.push({ path, timers });
      sound = soundTimers(timers, sound);
    }
    byRouter.set(name, sound);
  }
  for (const link of links) {
    for (const [name, session] of link?.sessions ?? []) {
      if (!link || !session?.timers) continue;
      const timers = layerTimers(byRouter.get(name) ?? defaultTimers, session.timers);
      layers.push({ path: [...link.path.slice(0, -1), "sessions", name], timers });
    }
  }
  const mistakes = layers.flatMap(({ path, timers }) => {
    const problem = keepaliveProblem(timers);
    const span = locate(tree, [...path, "timers", "keepalive"]);
    return problem === undefined ? [] : [{ span, ...splitHint(problem) }];
  });
  // A group's timers are judged for each of its routers.
  return [...new Map(mistakes.map((mistake) => [mistake.span.start, mistake])).values()];
}

/** What is laid over mistaken timers is judged as if those were not there. */
function soundTimers(timers: Timers, otherwise: Timers): Timers {
  return keepaliveProblem(timers) === undefined ? timers : otherwise;
}

/** Two speakers of one AS with one BGP identifier can neither meet nor be told apart (RFC 6286 §2.1). */
function checkRouterIds(tree: Tree, { routers }: Draft, resolved: ReadonlyMap<string, Router>): Mistake[] {
  const owners = new Map<string, string>();
  const mistakes: Mistake[] = [];
  for (const { name, asn, routerId } of resolved.values()) {
    const owner = owners.get(`${asn} ${routerId}`);
    if (owner === undefined) {
      owners.set(`${asn} ${routerId}`, name);
      continue;
    }
    const { body, path } = routers.get(name) as DraftRouter;
    const own = body?.["router-id"] !== undefined;
    mistakes.push({
      span: own ? locate(tree, [...path, "router-id"]) : locateKey(tree, path),
      message: `${name} has the same router id as ${owner}, ${routerId}, in the same AS ${asn}`,
      hint: own
        ? "leave it out to get one from the router's place in the file"
        : "set router-id at one of them",
    });
  }
  return mistakes;
}

function checkOriginate(tree: Tree, name: string, { body }: DraftRouter): Mistake[] {
  const seen = new Set<string>();
  return (body?.originate ?? []).flatMap((prefix, index) => {
    const repeated = seen.has(prefix);
    seen.add(prefix);
    const span = locate(tree, ["routers", name, "originate", index]);
    return repeated ? [{ span, message: `${name} originates ${prefix} already` }] : [];
  });
}

type Shared = Pick<Router, "kind" | "logLevel" | "routing" | "session"> & { readonly asn: Asn | undefined };

/** A router of which nothing is said. */
const unsaid: Shared = {
  kind: "speaker",
  asn: undefined,
  logLevel: "debug",
  routing: defaultRouting,
  session: defaultOptions,
};

/** What is said here goes over what was said further out. */
function layer(base: Shared, own: DefaultsText | undefined): Shared {
  return {
    kind: own?.kind ?? base.kind,
    asn: own?.asn ?? base.asn,
    logLevel: own?.["log-level"] ?? base.logLevel,
    routing: layerRouting(base.routing, own),
    session: layerSession(base.session, own),
  };
}

/** `fe80::` and a number from 1 up. */
function linkLocalFromNumber(value: number): Address {
  const octets = new Uint8Array(16);
  octets.set([0xfe, 0x80]);
  new DataView(octets.buffer).setUint32(12, value);
  return formatAddress(octets);
}
