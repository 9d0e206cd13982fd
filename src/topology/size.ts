import type { Draft } from "./draft.ts";
import { partsOf } from "./parts.ts";
import type { Layers } from "./routers.ts";
import type { Mistake } from "./source.ts";
import type { Link, Router } from "./topology.ts";
import { locate, locateKey, type Tree } from "./tree.ts";

/** So many prefixes and communities the lists of all routers may have, those included that many routers share. */
const maxListed = 500_000;

/** So many routes all routers may have: a prefix each in a lab of 1,000 routers makes a million. */
const maxRoutes = 2_000_000;

const count = (value: number) => value.toLocaleString("en-US");

/** Lists add up from layer to layer, and a long one that many routers share would fill the memory. */
export function checkOriginated(tree: Tree, draft: Draft, layers: Layers): Mistake[] {
  let listed = 0;
  for (const [name, list] of layers) {
    let own = 0;
    for (const { body } of list) {
      const more = (body.originate?.length ?? 0) + (body.communities?.length ?? 0);
      own += more;
      if (more > 0) listed += own;
    }
    if (listed <= maxListed) continue;
    const span = locateKey(tree, draft.routers.get(name)?.path ?? ["routers"]);
    const message = `up to ${name} the routers have too many prefixes and communities in all`;
    const hint = `at most ${count(maxListed)}; what groups or defaults list counts at each of their routers`;
    return [{ span, message, hint }];
  }
  return [];
}

/** Routers that are linked, directly or through others, may all have a route to whatever one of them originates. */
export function checkRoutes(
  tree: Tree,
  draft: Draft,
  { routers, links }: { routers: readonly Router[]; links: readonly Link[] },
): Mistake[] {
  const byName = new Map(routers.map((router) => [router.name, router]));
  const pairs = links
    .filter(({ expect }) => expect === "established")
    .map(({ ends: [a, b] }) => [a.router, b.router] as const);
  const parts = partsOf([...byName.keys()], pairs).map((names) => {
    const originating = names.map((name) => byName.get(name)?.originate ?? []);
    return { names, prefixes: new Set(originating.flat()).size };
  });
  const routes = parts.reduce((sum, { names, prefixes }) => sum + names.length * prefixes, 0);
  const largest = parts.reduce((a, b) => (b.names.length * b.prefixes > a.names.length * a.prefixes ? b : a));
  if (routes <= maxRoutes) return [];
  const [first = ""] = largest.names.filter((name) => byName.get(name)?.originate.length);
  const span = locate(tree, [...(draft.routers.get(first)?.path ?? ["routers"]), "originate"]);
  const message = `${count(largest.names.length)} routers may come to have ${count(largest.prefixes)} prefixes each`;
  const hint = `at most ${count(maxRoutes)} routes in a lab: originate fewer prefixes, or make the lab smaller`;
  return [{ span, message, hint }];
}
