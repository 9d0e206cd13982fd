import type { DraftLink } from "./expand-links.ts";
import type { Layers } from "./routers.ts";
import type { routingKeys } from "./routing-text.ts";
import { defaultOptions, layerSession, type SessionOptions } from "./session-options.ts";
import type { SessionText } from "./session-text.ts";
import type { Mistake } from "./source.ts";
import type { Router } from "./topology.ts";
import { locate, type Path, type Tree } from "./tree.ts";

/** What a router of kind `bird` cannot be told of its sessions, and whether it is. */
const ofSessions: readonly [key: keyof SessionText & string, isSaid: (session: SessionOptions) => boolean][] =
  [
    ["import", ({ importPolicy }) => importPolicy !== null],
    ["export", ({ exportPolicy }) => exportPolicy !== null],
    ["remove-private-as", ({ removePrivateAs }) => removePrivateAs],
    ["require-policy", ({ requirePolicy }) => requirePolicy],
    ["blackhole", ({ blackhole }) => blackhole],
  ];

/** And of its routes. */
const ofRoutes: readonly [key: keyof typeof routingKeys, isSaid: (router: Router) => boolean][] = [
  ["multipath", ({ routing }) => routing.multipath.maximumPaths > 1],
  ["redistribute", ({ routing }) => routing.redistribute.length > 0],
  ["install", ({ routing }) => !routing.install],
];

/** What the file asks of routers of kind `bird` that only speakers can. */
export function checkBirds(
  tree: Tree,
  { layers, links }: { layers: Layers; links: readonly DraftLink[] },
  resolved: ReadonlyMap<string, Router>,
): Mistake[] {
  const birds = new Map([...resolved].filter(([, { kind }]) => kind === "bird"));
  return [
    ...[...birds.values()].flatMap((bird) => checkBird(tree, layers, bird)),
    ...links.flatMap((link) =>
      link.ends.flatMap(({ router }) => (birds.has(router) ? checkEnd(tree, link, router) : [])),
    ),
  ];
}

/** At the nearest place that says it. */
function checkBird(tree: Tree, layers: Layers, router: Router): Mistake[] {
  const said = [
    ...ofRoutes.filter(([, isSaid]) => isSaid(router)).map(([key]) => key),
    ...ofSessions.filter(([, isSaid]) => isSaid(router.session)).map(([key]) => key),
  ];
  return said.map((key) => {
    const layer = layers.get(router.name)?.findLast(({ body }) => body[key] !== undefined);
    return mistake(tree, { path: layer?.path ?? [], key, router: router.name });
  });
}

/** What a link says itself. */
function checkEnd(tree: Tree, { sessions, path }: DraftLink, router: string): Mistake[] {
  const own = sessions.get(router);
  if (own === undefined) return [];
  const said = ofSessions.filter(([, isSaid]) => isSaid(layerSession(defaultOptions, own.text)));
  const place = [...path.slice(0, -1), "sessions", own.key];
  return said.map(([key]) => mistake(tree, { path: place, key, router }));
}

function mistake(tree: Tree, { path, key, router }: { path: Path; key: string; router: string }): Mistake {
  return {
    span: locate(tree, [...path, key]),
    message: `${router} is of kind bird, which cannot be told ${key}`,
    hint: `set ${key} at speakers alone`,
  };
}
