import type { Policy } from "../bgp/policy/policy.ts";
import type { Draft } from "./draft.ts";
import type { DraftLink } from "./expand-links.ts";
import type { Layer } from "./groups.ts";
import { routingInability, sessionInability } from "./inability.ts";
import { type Abilities, abilitiesOf } from "./kind-abilities.ts";
import { policiesOf } from "./policies.ts";
import { policyInability } from "./policy-inability.ts";
import { layerSession } from "./session-options.ts";
import type { Mistake } from "./source.ts";
import type { Router } from "./topology.ts";
import { locate, locateKey, type Path, type Tree } from "./tree.ts";

interface Context {
  readonly tree: Tree;
  readonly draft: Draft;
  readonly layers: ReadonlyMap<string, readonly Layer[]>;
  readonly links: readonly DraftLink[];
}

/** What routers are told that the programs of their kinds cannot do. */
export function checkKinds(context: Context, routers: ReadonlyMap<string, Router>): Mistake[] {
  const mistakes = new Map<string, Mistake>();
  const add = (path: Path, mistake: Mistake) => {
    if (!mistakes.has(path.join(" "))) mistakes.set(path.join(" "), mistake);
  };
  for (const router of routers.values()) {
    checkConfig(router, context, add);
    checkRouting(router, context, add);
  }
  const policies = policiesOf(context.draft);
  for (const link of context.links.filter(({ body }) => body.expect !== "none")) {
    for (const { router: name } of link.ends) {
      const router = routers.get(name);
      const abilities = router && abilitiesOf[router.kind];
      const far = link.ends.find((end) => end.router !== name)?.router ?? "";
      const external = router?.asn !== routers.get(far)?.asn;
      if (abilities) checkEnd({ router, link, abilities, external, policies }, context, add);
    }
  }
  for (const router of routers.values()) {
    checkTransit(router, context, add);
    checkAddresses(router, context, { routers, add });
  }
  return [...mistakes.values()];
}

type Add = (path: Path, mistake: Mistake) => void;

/** Our own speaker has no configuration of its own words. */
function checkConfig({ name, kind, config }: Router, { tree, layers }: Context, add: Add): void {
  if (kind !== "speaker" || config === undefined) return;
  const path = placeOf(["config"], layers.get(name) ?? []) ?? [];
  const message = `${name} is of kind speaker, which takes no configuration of its own`;
  add(path, {
    span: locate(tree, path),
    message,
    hint: "config is added to that of another program: say which, with kind",
  });
}

/** What is said of a router's routes. */
function checkRouting(router: Router, { tree, layers }: Context, add: Add): void {
  for (const { below, ...mistake } of routingInability(router)) {
    const path = placeOf(below, layers.get(router.name) ?? []) ?? [];
    add(path, { span: locate(tree, path), ...mistake });
  }
}

interface End {
  readonly router: Router;
  readonly link: DraftLink;
  readonly abilities: Abilities;
  /** Whether the peer is in another AS. */
  readonly external: boolean;
  readonly policies: ReadonlyMap<string, Policy>;
}

function checkEnd(end: End, { tree, draft, layers }: Context, add: Add): void {
  const { router, link, abilities, external, policies } = end;
  const { name, kind } = router;
  const own = link.sessions.get(name);
  const session = layerSession(router.session, own?.text);
  const sessionPath = [...link.path.slice(0, -1), "sessions", own?.key ?? ""];
  const find = (below: readonly string[]) =>
    placeOf(below, own?.text ? [{ body: own.text, path: sessionPath }] : []) ??
    placeOf(below, layers.get(name) ?? []) ??
    link.path;
  const tell = (path: Path, mistake: Omit<Mistake, "span">) =>
    add(path, { span: locate(tree, path), ...mistake });
  for (const { below, ...mistake } of sessionInability(router, session)) tell(find(below), mistake);
  for (const { direction, said, below, ...mistake } of policyInability(router, session, {
    policies,
    external,
  })) {
    const isNamed = typeof said === "string" && draft.policies.has(said);
    tell([...(isNamed ? ["policies", said] : find([direction])), ...below], mistake);
  }
  const families = session.families.filter((family) => !abilities.families.includes(family));
  if (families.length === 0) return;
  const words = families.map((family) => `IPv${family}`).join(" and ");
  const span = locate(tree, link.path);
  const message = `${name} is of kind ${kind}, which cannot carry ${words} over link-local addresses`;
  const taken = abilities.families.map((family) => `ipv${family}-unicast`).join(", ");
  add([...link.path, name], { span, message, hint: `write families: [${taken}] at ${name}` });
}

/** A program that passes nothing on would be a hole in the routes of the lab. */
function checkTransit({ name, kind }: Router, { tree, draft, links }: Context, add: Add): void {
  const path = draft.routers.get(name)?.path;
  if (path === undefined || (abilitiesOf[kind]?.transit ?? true)) return;
  const own = links.filter(
    ({ ends, body }) => body.expect !== "none" && ends.some(({ router }) => router === name),
  );
  if (own.length < 2) return;
  const message = `${name} is of kind ${kind}, which passes no routes on, and has ${own.length} links with sessions`;
  add(path, { span: locateKey(tree, path), message, hint: "give it one link, and others expect: none" });
}

/** Two peers with one address are one to a program that leaves out the interface. */
function checkAddresses(
  { name, kind }: Router,
  { tree, links }: Context,
  { routers, add }: { routers: ReadonlyMap<string, Router>; add: Add },
): void {
  if (abilitiesOf[kind]?.scoped ?? true) return;
  const seen = new Set<string>();
  for (const { ends, path, body } of links) {
    const far = ends.find(({ router }) => router !== name);
    const own = body.expect !== "none" && ends.some(({ router }) => router === name);
    const address = far && routers.get(far.router)?.linkLocal;
    if (!own || address === undefined) continue;
    const message = `${name} is of kind ${kind}, which cannot tell apart two peers with one address, ${address}`;
    const hint = "set another link-local at one of the peers, or have one link to it";
    if (seen.has(address)) add([...path, name, "address"], { span: locate(tree, path), message, hint });
    seen.add(address);
  }
}

/** Where the nearest layer that says something says it. */
export function placeOf(
  below: readonly string[],
  layers: readonly { body: object; path: Path }[],
): Path | undefined {
  const layer = layers.findLast(({ body }) => valueAt(body, below) !== undefined);
  return layer && [...layer.path, ...below];
}

function valueAt(body: object, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined,
    body,
  );
}
