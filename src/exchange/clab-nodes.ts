import type { SketchRouter } from "../generate/sketch.ts";
import type { Mistake } from "../topology/source.ts";
import { hostAddresses } from "./clab-addresses.ts";
import type { ClabEnd, ClabFile, ClabNode } from "./clab-file.ts";
import { kindOf, type ReplaceKinds } from "./clab-kinds.ts";

/** The nodes in our words, with what is wrong with them and what is left out. */
interface ImportedNodes {
  readonly routers: readonly SketchRouter[];
  /** Names of nodes that only join others. */
  readonly bridges: ReadonlySet<string>;
  readonly mistakes: readonly Mistake[];
  readonly warnings: readonly Mistake[];
}

/** Nodes that cannot be run are told of together if it is for the same reason. */
export function importNodes({ nodes, links }: ClabFile, replace: ReplaceKinds): ImportedNodes {
  const problems = new Map<string, Mistake>();
  const kinds = new Map<string, string>();
  for (const node of nodes) {
    const found = kindOf(node, replace);
    if (found.type === "kind") kinds.set(node.name.text, found.kind);
    else if (found.type === "bridge") kinds.set(node.name.text, "bridge");
    else if (!problems.has(found.message))
      problems.set(found.message, { ...found, span: placeOf(node, found) });
  }
  const ends = endsOfHosts({ links }, kinds);
  const mistakes: Mistake[] = [...problems.values()];
  const warnings: Mistake[] = [];
  const bridges = new Set([...kinds].flatMap(([name, kind]) => (kind === "bridge" ? [name] : [])));
  const members = nodes.filter(({ name }) => !bridges.has(name.text));
  const routers = members.map((node): SketchRouter => {
    const name = node.name.text;
    const kind = kinds.get(name);
    const own = ends.get(name) ?? [];
    if (kind === "host") mistakes.push(...checkHost(node, own, kinds));
    const {
      addresses,
      mistakes: wrong,
      rest,
    } = hostAddresses(node, kind === "host" ? own[0]?.near : undefined);
    mistakes.push(...wrong);
    const [left] = rest;
    const message = "exec means nothing to fe80, but for the addresses of hosts";
    if (left !== undefined) warnings.push({ span: left.span, message });
    if (kind === undefined || kind === "speaker") return { name };
    // All that it carries over link-local addresses; to others it must be said.
    const families = kind === "openbgpd" ? ["ipv6-unicast"] : undefined;
    return { name, kind, families, addresses: addresses.length === 0 ? undefined : addresses };
  });
  return { routers, bridges, mistakes, warnings: warnings.slice(0, 1) };
}

/** Where the mistake is: at the image, or at the kind. */
function placeOf({ name, kind, image }: ClabNode, { message }: { message: string }): Mistake["span"] {
  const at = message.includes("image") ? (image ?? kind) : kind;
  return (at ?? name).span;
}

/** A link as one of its nodes sees it. */
interface Seen {
  readonly near: ClabEnd;
  readonly far: ClabEnd | undefined;
}

function endsOfHosts(
  { links }: Pick<ClabFile, "links">,
  kinds: ReadonlyMap<string, string>,
): Map<string, Seen[]> {
  const byHost = new Map<string, Seen[]>();
  for (const { ends } of links) {
    for (const [index, near] of ends.entries()) {
      if (kinds.get(near.node) !== "host") continue;
      const known = byHost.get(near.node) ?? [];
      known.push({ near, far: ends[1 - index] });
      byHost.set(near.node, known);
    }
  }
  return byHost;
}

/** A host has one link, to a router. */
function checkHost(
  { name: { text, span } }: ClabNode,
  links: readonly Seen[],
  kinds: ReadonlyMap<string, string>,
): Mistake[] {
  const hint = "a host has one link, to a router; --replace-kind linux=speaker makes routers of all";
  if (links.length !== 1) return [{ span, message: `the host ${text} has ${links.length} links`, hint }];
  const far = links
    .map(({ far }) => kinds.get(far?.node ?? ""))
    .find((kind) => kind === "host" || kind === "bridge");
  return far === undefined ? [] : [{ span, message: `the host ${text} is linked with a ${far}`, hint }];
}
