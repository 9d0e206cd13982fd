import type { RouterId } from "../net/address.ts";
import type { Prefix } from "../net/prefix.ts";
import type { Draft } from "./draft.ts";
import { linkWarnings } from "./link-warnings.ts";
import type { ResolvedWire } from "./links.ts";
import { partsOf } from "./parts.ts";
import type { Mistake } from "./source.ts";
import type { Router, Topology } from "./topology.ts";
import { locate, locateKey, type Tree } from "./tree.ts";

/** What a sound topology says, but hardly means; it stops nothing. */
export function findWarnings(
  tree: Tree,
  { draft, wires }: { draft: Draft; wires: readonly ResolvedWire[] },
  { routers, hosts }: Topology,
): Mistake[] {
  const byName = new Map(routers.map((router) => [router.name, router]));
  const members = [...byName.keys(), ...hosts.map(({ name }) => name)];
  return [
    ...sharedRouterIds(tree, draft, routers),
    ...sharedPrefixes(tree, draft),
    ...isolated(tree, draft, { members, wires }),
    ...linkWarnings(tree, wires, byName),
  ];
}

/** In different ASes it is allowed (RFC 6286), but hides which router is which. */
function sharedRouterIds(tree: Tree, { routers: drafts }: Draft, routers: readonly Router[]): Mistake[] {
  const owners = new Map<RouterId, string>();
  return routers.flatMap(({ name, routerId }): Mistake[] => {
    const owner = owners.get(routerId);
    if (owner === undefined) owners.set(routerId, name);
    const path = drafts.get(name)?.path;
    if (owner === undefined || path === undefined) return [];
    const span = locate(tree, [...path, "router-id"]);
    const message = `${name} has the same router id as ${owner}, ${routerId}`;
    return [{ span, message, hint: "routers are told apart by it in logs and in the decision process" }];
  });
}

/** What a group, a kind or the defaults say is meant for many; what routers say themselves is hardly meant twice. */
function sharedPrefixes(tree: Tree, { routers }: Draft): Mistake[] {
  const owners = new Map<Prefix, string>();
  return Array.from(routers, ([name, { body, path }]) =>
    [...(body?.originate ?? []).entries()].flatMap(([index, prefix]): Mistake[] => {
      const owner = owners.get(prefix);
      if (owner === undefined) owners.set(prefix, name);
      if (owner === undefined || owner === name) return [];
      const message = `${name} originates ${prefix}, as ${owner} does`;
      const hint = "if it is meant (anycast), let a group of both originate it";
      return [{ span: locate(tree, [...path, "originate", index]), message, hint }];
    }),
  ).flat();
}

/** A router without a link, and routers that are linked with each other alone. */
function isolated(
  tree: Tree,
  { routers }: Draft,
  { members, wires }: { members: readonly string[]; wires: readonly ResolvedWire[] },
): Mistake[] {
  const pairs = wires.flatMap(({ ends }) => ends.map(({ router }) => [ends[0].router, router] as const));
  const parts = partsOf(members, pairs).toSorted((a, b) => b.length - a.length);
  return parts.slice(1).flatMap((part): Mistake[] => {
    const [first = "", ...more] = part;
    const path = routers.get(first)?.path;
    if (path === undefined) return [];
    const span = locateKey(tree, path);
    if (more.length === 0) return [{ span, message: `${first} has no link`, hint: "nothing reaches it" }];
    const names = part.length > 4 ? `${part.slice(0, 4).join(", ")}, …` : part.join(", ");
    const message = `${names} are linked with none of the other ${members.length - part.length}`;
    return [{ span, message, hint: "the lab is in several parts: is a link missing?" }];
  });
}
