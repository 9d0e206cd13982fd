import type { Draft, DraftLink } from "./draft.ts";
import { defaultOptions, layerSession, type SessionOptions } from "./session-options.ts";
import type { SessionText } from "./session-text.ts";
import type { Mistake } from "./source.ts";
import type { Router } from "./topology.ts";
import { locate, locateKey, type Path, type Tree } from "./tree.ts";

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
const ofRoutes: readonly [key: string, isSaid: (router: Router) => boolean][] = [
  ["multipath", ({ routing }) => routing.multipath.maximumPaths > 1],
  ["redistribute", ({ routing }) => routing.redistribute.length > 0],
  ["install", ({ routing }) => !routing.install],
];

/** What the file asks of routers of kind `bird` that only speakers can. */
export function checkBirds(tree: Tree, draft: Draft, resolved: ReadonlyMap<string, Router>): Mistake[] {
  const birds = [...resolved.values()].filter(({ kind }) => kind === "bird");
  return [
    ...birds.flatMap((bird) => checkBird(tree, draft, bird)),
    ...draft.links.flatMap((link) => (link ? birds.flatMap((bird) => checkEnd(tree, link, bird)) : [])),
  ];
}

function checkBird(tree: Tree, { routers }: Draft, router: Router): Mistake[] {
  const path = routers.get(router.name)?.path ?? [];
  const said = [
    ...ofRoutes.filter(([, isSaid]) => isSaid(router)).map(([key]) => key),
    ...ofSessions.filter(([, isSaid]) => isSaid(router.session)).map(([key]) => key),
  ];
  return said.map((key) => mistake(tree, { path, key, router: router.name }));
}

/** What a link says itself. */
function checkEnd(tree: Tree, { sessions, path }: DraftLink, { name }: Router): Mistake[] {
  const own = sessions.get(name);
  const said = ofSessions.filter(([, isSaid]) => isSaid(layerSession(defaultOptions, own)));
  const place = [...path.slice(0, -1), "sessions", name];
  return said.map(([key]) => mistake(tree, { path: place, key, router: name }));
}

/** At the key itself, or at the router that has it from further out. */
function mistake(tree: Tree, { path, key, router }: { path: Path; key: string; router: string }): Mistake {
  const at = [...path, key];
  const here = locate(tree, at);
  const isHere = here.start !== locate(tree, path).start;
  return {
    span: isHere ? here : locateKey(tree, path),
    message: `${router} is of kind bird, which cannot be told ${key}`,
    hint: `set ${key} at speakers alone`,
  };
}
