import { type Environment, expandEnvironment } from "../topology/environment.ts";
import type { Mistake, Span } from "../topology/source.ts";
import type { MappingTree, Tree } from "../topology/tree.ts";

/** What a containerlab file says, as far as it can mean something here. */
export interface ClabFile {
  readonly name: Said | undefined;
  /** In the order of the file. */
  readonly nodes: readonly ClabNode[];
  readonly links: readonly ClabLink[];
  /** Keys that mean nothing here, with all the places where they stand. */
  readonly ignored: ReadonlyMap<string, Span>;
}

/** A text and where it stands. */
export interface Said {
  readonly text: string;
  readonly span: Span;
}

export interface ClabNode {
  readonly name: Said;
  /** Its own, or that of its group, its kind or all nodes. */
  readonly kind: Said | undefined;
  readonly image: Said | undefined;
  /** Commands, from the furthest to the nearest; those of a host may give it addresses. */
  readonly exec: readonly Said[];
}

export interface ClabLink {
  readonly span: Span;
  /** `veth` unless the file says something else. */
  readonly type: Said;
  readonly ends: readonly ClabEnd[];
  readonly mtu: number | undefined;
}

export interface ClabEnd {
  readonly node: string;
  /** Empty if none is named. */
  readonly ifname: string;
  readonly mac: string | undefined;
  readonly span: Span;
}

const meant = {
  top: new Set(["name", "topology"]),
  topology: new Set(["nodes", "kinds", "groups", "defaults", "links"]),
  node: new Set(["kind", "image", "group", "exec", "network-mode"]),
  link: new Set(["type", "endpoints", "mtu"]),
  end: new Set(["node", "interface", "mac"]),
} as const;

/** Reads what stands in the file, wherever it has the shape that containerlab wants; the rest are mistakes. */
export function readClabFile(
  tree: MappingTree,
  environment: Environment,
): { clab: ClabFile; mistakes: Mistake[] } {
  const reader = new Reader(environment);
  const top = reader.map(tree, { meant: meant.top, what: "a containerlab file" });
  const topology = reader.map(top.get("topology"), { meant: meant.topology, what: "topology" });
  const clab = {
    name: reader.said(top.get("name")),
    nodes: reader.nodes(topology),
    links: reader.list(topology.get("links")).map((link) => reader.link(link)),
    ignored: reader.ignored,
  };
  return { clab, mistakes: reader.mistakes };
}

type Entries = ReadonlyMap<string, Tree>;

class Reader {
  readonly mistakes: Mistake[] = [];
  readonly ignored = new Map<string, Span>();
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** A map without the keys that mean nothing. Nothing at all is an empty map. */
  map(tree: Tree | undefined, { meant, what }: { meant?: ReadonlySet<string>; what: string }): Entries {
    if (tree === undefined || isNothing(tree)) return new Map();
    if (tree.type !== "mapping") {
      this.mistakes.push({ span: tree.span, message: `${what} is a map` });
      return new Map();
    }
    const kept = new Map<string, Tree>();
    for (const [key, { key: span, value }] of tree.entries) {
      if (meant === undefined || meant.has(key)) kept.set(key, value);
      else if (!this.ignored.has(key)) this.ignored.set(key, span);
    }
    return kept;
  }

  list(tree: Tree | undefined): readonly Tree[] {
    if (tree === undefined || isNothing(tree)) return [];
    if (tree.type === "sequence") return tree.items;
    this.mistakes.push({ span: tree.span, message: "a list belongs here" });
    return [];
  }

  /** The nodes with what they inherit: node over group over kind over defaults. */
  nodes(topology: Entries): ClabNode[] {
    const settings = (tree: Tree | undefined, what: string) => this.map(tree, { meant: meant.node, what });
    const table = (key: "groups" | "kinds") => {
      const bodies = this.map(topology.get(key), { what: key });
      return new Map(Array.from(bodies, ([name, body]) => [name, settings(body, `${key}: ${name}`)]));
    };
    const [groups, kinds] = [table("groups"), table("kinds")];
    const defaults = settings(topology.get("defaults"), "defaults");
    const nodes = topology.get("nodes");
    const names = nodes?.type === "mapping" ? nodes.entries : undefined;
    return Array.from(this.map(nodes, { what: "nodes" }), ([name, body]) => {
      const own = settings(body, `the node ${name}`);
      const group = groups.get(
        this.said(own.get("group"))?.text ?? this.said(defaults.get("group"))?.text ?? "",
      );
      const kind = this.#nearest("kind", [own, group, defaults]);
      const span = names?.get(name)?.key ?? body.span;
      const layers = [own, group, kinds.get(kind?.text ?? ""), defaults];
      const image = this.#nearest("image", layers);
      const commands = layers.toReversed().flatMap((layer) => this.list(layer?.get("exec")));
      const exec = commands.flatMap((command) => this.said(command) ?? []);
      return { name: { text: name, span }, kind, image, exec };
    });
  }

  link(tree: Tree): ClabLink {
    const link = this.map(tree, { meant: meant.link, what: "a link" });
    const mtu = link.get("mtu");
    return {
      span: tree.span,
      type: this.said(link.get("type")) ?? { text: "veth", span: tree.span },
      ends: this.list(link.get("endpoints")).map((end) => this.#end(end)),
      mtu: mtu?.type === "scalar" && typeof mtu.value === "number" ? mtu.value : undefined,
    };
  }

  /** Brief, as `r1:eth1`, or extended, as a map of `node` and `interface`. */
  #end(tree: Tree): ClabEnd {
    const brief = this.said(tree)?.text;
    if (brief !== undefined) {
      const colon = brief.indexOf(":");
      const node = colon < 0 ? brief : brief.slice(0, colon);
      return { node, ifname: colon < 0 ? "" : brief.slice(colon + 1), mac: undefined, span: tree.span };
    }
    const end = this.map(tree, { meant: meant.end, what: "the end of a link" });
    return {
      node: this.said(end.get("node"))?.text ?? "",
      ifname: this.said(end.get("interface"))?.text ?? "",
      mac: this.said(end.get("mac"))?.text,
      span: tree.span,
    };
  }

  /** The first that says something. */
  #nearest(key: string, layers: readonly (Entries | undefined)[]): Said | undefined {
    return this.said(layers.map((layer) => layer?.get(key)).find((tree) => !isNothing(tree)));
  }

  /** A text with the environment's variables replaced. Only what is read needs them to be set. */
  said(tree: Tree | undefined): Said | undefined {
    if (tree?.type !== "scalar" || isNothing(tree)) return undefined;
    // Containerlab's way to write a default assigns it, too, which means nothing to a file.
    const value = typeof tree.value === "string" ? tree.value.replaceAll(/(\$\{\w+):=/g, "$1:-") : tree.value;
    const expanded = expandEnvironment({ ...tree, value }, this.#environment);
    this.mistakes.push(...expanded.mistakes);
    return expanded.tree.type === "scalar"
      ? { text: String(expanded.tree.value), span: tree.span }
      : undefined;
  }
}

function isNothing(tree: Tree | undefined): boolean {
  return tree === undefined || (tree.type === "scalar" && tree.value === null);
}
