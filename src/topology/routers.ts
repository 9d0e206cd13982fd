import { defaultTimers, type Timers } from "../bgp/config/config.ts";
import { splitHint } from "../bgp/config/message.ts";
import { keepaliveProblem } from "../bgp/config/timers.ts";
import { type Address, formatAddress, routerIdFromNumber } from "../net/address.ts";
import { type Asn, asn } from "../net/asn.ts";
import type { Prefix } from "../net/prefix.ts";
import { checkKinds } from "./check-kinds.ts";
import type { Draft, DraftRouter } from "./draft.ts";
import type { DraftLink } from "./expand-links.ts";
import { groupsByRouter, type Layer } from "./groups.ts";
import { withPlacedNames } from "./policies.ts";
import type { RouterNames } from "./router-names.ts";
import type { DefaultsText } from "./router-text.ts";
import { defaultRouting, layerRouting } from "./routing-text.ts";
import { append, defaultOptions, layerSession, layerTimers, said } from "./session-options.ts";
import type { Mistake } from "./source.ts";
import type { Container, Router, RuntimeName } from "./topology.ts";
import { locate, locateKey, type Path, type Tree } from "./tree.ts";

/** How many AS numbers for private use fit in two octets, from 64512 on (RFC 6996 §5). */
const twoOctetPrivateAsns = 1023;

/** All that is said of a router, from the defaults over its kind and its groups to its own body. */
export type Layers = ReadonlyMap<string, readonly Layer[]>;

/** What is said of each router that is not wrong itself. */
export function layersOf(draft: Draft, names: RouterNames): Layers {
  const { runtime, defaults, kinds, routers } = draft;
  const groups = groupsByRouter(draft, names);
  const base: Layer[] = [
    ...(runtime ? [{ body: { runtime }, path: [] }] : []),
    ...(defaults ? [{ body: defaults, path: ["defaults"] }] : []),
  ];
  const layers = new Map<string, Layer[]>();
  for (const [name, { body, path }] of routers) {
    if (body === undefined) continue;
    const near = [...(groups.get(name) ?? []), { body, path }];
    const kind = [...base, ...near].reduce(
      (kind, { body }) => said(body.kind, kind, unsaid.kind),
      unsaid.kind,
    );
    const ofKind = kinds[kind];
    layers.set(name, [...base, ...(ofKind ? [{ body: ofKind, path: ["kinds", kind] }] : []), ...near]);
  }
  return layers;
}

/** Fills in every router's defaults; a router that is wrong itself is left out. */
export function resolveRouters({ routers, hosts }: Draft, layers: Layers): Map<string, Router> {
  const firstAsn = routers.size + hosts.size > twoOctetPrivateAsns ? 4_200_000_001 : 64_512;
  const resolved = new Map<string, Router>();
  const known = new Map<Shared, Map<DefaultsText, Shared>>();
  /** What many routers share is laid over each other once. */
  const over = (base: Shared, { body, path }: Layer): Shared => {
    const laid = known.get(base) ?? new Map<DefaultsText, Shared>();
    known.set(base, laid);
    const own = laid.get(body) ?? layer(base, withPlacedNames(body, path));
    laid.set(body, own);
    return own;
  };
  for (const [name, { body, place }] of routers) {
    if (body === undefined) continue;
    const own = (layers.get(name) ?? []).reduce(over, unsaid);
    resolved.set(name, {
      name,
      kind: own.kind,
      asn: own.asn ?? asn(firstAsn + place - 1),
      routerId: body["router-id"] ?? routerIdFromNumber(place),
      linkLocal: body["link-local"] ?? linkLocalFromNumber(place),
      originate: own.originate,
      logLevel: own.logLevel,
      ...(own.config !== undefined && { config: own.config }),
      ...(own.runtime === "docker" && { container: own.container }),
      routing: own.routing,
      session: own.session,
    });
  }
  return resolved;
}

/** Mistakes that show only when the defaults are filled in. */
export function checkRouters(
  tree: Tree,
  { draft, layers, links }: { draft: Draft; layers: Layers; links: readonly DraftLink[] },
  resolved: ReadonlyMap<string, Router>,
): Mistake[] {
  return [
    ...checkTimers(tree, { draft, layers, links }),
    ...checkRouterIds(tree, draft, resolved),
    ...checkKinds({ tree, draft, layers, links }, resolved),
    ...Array.from(draft.routers, ([name, router]) => checkOriginate(tree, name, router)).flat(),
  ];
}

/** Each place where timers are said is judged once: what a group or a range says holds for many routers. */
function checkTimers(
  tree: Tree,
  { draft, layers, links }: { draft: Draft; layers: Layers; links: readonly DraftLink[] },
): Mistake[] {
  const mistakes = new Map<string, Mistake>();
  const judge = (path: Path, timers: Timers) => {
    const problem = keepaliveProblem(timers);
    if (problem === undefined || mistakes.has(path.join(" "))) return;
    mistakes.set(path.join(" "), {
      span: locate(tree, [...path, "timers", "keepalive"]),
      ...splitHint(problem),
    });
  };
  if (draft.defaults?.timers) judge(["defaults"], layerTimers(defaultTimers, draft.defaults.timers));
  const byRouter = new Map<string, Timers>();
  for (const [name, list] of layers) {
    let sound = defaultTimers;
    for (const { path, body } of list) {
      if (body.timers === undefined) continue;
      const timers = body.timers === null ? defaultTimers : layerTimers(sound, body.timers);
      judge(path, timers);
      sound = soundTimers(timers, sound);
    }
    byRouter.set(name, sound);
  }
  for (const { ends, sessions, path } of links) {
    for (const { router } of ends) {
      const session = sessions.get(router);
      if (!session?.text?.timers) continue;
      const timers = layerTimers(byRouter.get(router) ?? defaultTimers, session.text.timers);
      judge([...path.slice(0, -1), "sessions", session.key], timers);
    }
  }
  return [...mistakes.values()];
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

type Shared = Pick<Router, "kind" | "logLevel" | "routing" | "session" | "originate"> & {
  readonly asn: Asn | undefined;
  readonly config: string | undefined;
  readonly runtime: RuntimeName;
  readonly container: Container;
};

/** A router of which nothing is said. */
const unsaid: Shared = {
  kind: "speaker",
  asn: undefined,
  config: undefined,
  runtime: "netns",
  container: { image: null, memory: null, cpus: null },
  originate: [],
  logLevel: "debug",
  routing: defaultRouting,
  session: defaultOptions,
};

/** What is said here goes over what was said further out; `null` takes it back. */
function layer(base: Shared, own: DefaultsText): Shared {
  return {
    kind: said(own.kind, base.kind, unsaid.kind),
    asn: said(own.asn, base.asn, unsaid.asn),
    originate: append<Prefix>(base.originate, own.originate),
    logLevel: said(own["log-level"], base.logLevel, unsaid.logLevel),
    config: said(own.config, base.config, unsaid.config),
    runtime: said(own.runtime, base.runtime, unsaid.runtime),
    container: layerContainer(base.container, own),
    routing: layerRouting(base.routing, own),
    session: layerSession(base.session, own),
  };
}

function layerContainer(base: Container, { image, memory, cpus }: DefaultsText): Container {
  // Most layers say nothing of it, and there may be very many.
  if (image === undefined && memory === undefined && cpus === undefined) return base;
  return {
    image: said(image, base.image, null),
    memory: said(memory, base.memory, null),
    cpus: said(cpus, base.cpus, null),
  };
}

/** `fe80::` and a number from 1 up. */
export function linkLocalFromNumber(value: number): Address {
  const octets = new Uint8Array(16);
  octets.set([0xfe, 0x80]);
  new DataView(octets.buffer).setUint32(12, value);
  return formatAddress(octets);
}
