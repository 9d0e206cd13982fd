import { defaultTimers, type Timers } from "../bgp/config/config.ts";
import { splitHint } from "../bgp/config/message.ts";
import { keepaliveProblem } from "../bgp/config/timers.ts";
import { type Address, formatAddress, routerIdFromNumber } from "../net/address.ts";
import { type Asn, asn } from "../net/asn.ts";
import type { Draft, DraftRouter } from "./draft.ts";
import type { DefaultsText } from "./schema.ts";
import { defaultOptions, layerSession, layerTimers } from "./session-options.ts";
import type { Mistake } from "./source.ts";
import type { Router } from "./topology.ts";
import { locate, locateKey, type Path, type Tree } from "./tree.ts";

/** How many AS numbers for private use fit in two octets, from 64512 on (RFC 6996 §5). */
const twoOctetPrivateAsns = 1023;

/** Fills in every router's defaults; a router that is wrong itself is left out. */
export function resolveRouters({ defaults, routers }: Draft): Map<string, Router> {
  const shared = sharedValues(defaults);
  const firstAsn = routers.size > twoOctetPrivateAsns ? 4_200_000_001 : 64_512;
  const resolved = new Map<string, Router>();
  for (const [index, [name, { body }]] of [...routers].entries()) {
    if (body === undefined) continue;
    const place = index + 1;
    resolved.set(name, {
      name,
      kind: body.kind ?? shared.kind,
      asn: body.asn ?? shared.asn ?? asn(firstAsn + index),
      routerId: body["router-id"] ?? routerIdFromNumber(place),
      linkLocal: body["link-local"] ?? linkLocalFromNumber(place),
      originate: body.originate ?? [],
      logLevel: body["log-level"] ?? shared.logLevel,
      session: layerSession(shared.session, body),
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

function checkTimers(tree: Tree, { defaults, routers, links }: Draft): Mistake[] {
  const shared = layerTimers(defaultTimers, defaults?.timers);
  const layers: { path: Path; timers: Timers }[] = [{ path: ["defaults"], timers: shared }];
  const sound = soundTimers(shared, defaultTimers);
  const byRouter = new Map<string, Timers>();
  for (const [name, { body }] of routers) {
    const timers = layerTimers(sound, body?.timers);
    byRouter.set(name, soundTimers(timers, sound));
    if (body?.timers) layers.push({ path: ["routers", name], timers });
  }
  for (const link of links) {
    for (const [name, session] of link?.sessions ?? []) {
      if (!link || !session?.timers) continue;
      const timers = layerTimers(byRouter.get(name) ?? sound, session.timers);
      layers.push({ path: [...link.path.slice(0, -1), "sessions", name], timers });
    }
  }
  return layers.flatMap(({ path, timers }) => {
    const problem = keepaliveProblem(timers);
    const span = locate(tree, [...path, "timers", "keepalive"]);
    return problem === undefined ? [] : [{ span, ...splitHint(problem) }];
  });
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

function sharedValues(
  defaults: DefaultsText | undefined,
): Pick<Router, "kind" | "logLevel" | "session"> & { asn: Asn | undefined } {
  return {
    kind: defaults?.kind ?? "speaker",
    asn: defaults?.asn,
    logLevel: defaults?.["log-level"] ?? "debug",
    session: layerSession(defaultOptions, defaults),
  };
}

/** `fe80::` and a number from 1 up. */
function linkLocalFromNumber(value: number): Address {
  const octets = new Uint8Array(16);
  octets.set([0xfe, 0x80]);
  new DataView(octets.buffer).setUint32(12, value);
  return formatAddress(octets);
}
