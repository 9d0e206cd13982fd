import type { SketchLink } from "../generate/sketch.ts";
import { isIfname } from "../net/endpoint.ts";
import { guesser } from "../topology/guess.ts";
import type { Mistake, Source } from "../topology/source.ts";
import { joinBridges } from "./clab-bridges.ts";
import type { ClabEnd, ClabLink } from "./clab-file.ts";

/** Ends in a brief link that are no nodes: the machine itself, its management network, an interface of it. */
const outside = new Set(["host", "mgmt-net", "macvlan", "dummy"]);

interface ClabContext {
  readonly nodes: ReadonlyMap<string, unknown>;
  readonly bridges: ReadonlySet<string>;
  readonly source: Source;
}

/** The links in our words, with what is wrong with them and what was changed. */
export function importLinks(
  links: readonly ClabLink[],
  { nodes, bridges, source }: ClabContext,
): { links: SketchLink[]; mistakes: Mistake[]; warnings: Mistake[] } {
  const mistakes = [...links.flatMap(checkShape), ...checkEnds(links, { nodes, source })];
  const warnings: Mistake[] = [];
  const endText = ({ node, ifname, span }: ClabEnd): string => {
    const own = ifname.replace(/^ethernet-(\d+)\/(\d+)/, "e$1-$2");
    if (own === "") return node;
    if (isIfname(own)) return `${node}:${own}`;
    warnings.push({ span, message: `${ifname} cannot be an interface here: ${node} gets one called eth…` });
    return node;
  };
  const joined = joinBridges(links, bridges);
  mistakes.push(...joined.mistakes);
  warnings.push(...joined.warnings);
  const imported = joined.links.map(({ ends, mtu }): SketchLink => {
    const texts = ends.map(endText);
    return {
      link: ends.length > 2 ? texts : texts.join(" -- "),
      mtu,
      mac: ends.some(({ mac }) => mac !== undefined) ? ends.map(({ mac }) => mac ?? null) : undefined,
    };
  });
  return { links: imported, mistakes, warnings };
}

/** A link is a veth pair between two nodes of the lab. */
function checkShape({ type, ends, span }: ClabLink): Mistake[] {
  const leaving = ends.find(({ node }) => outside.has(node));
  if (type.text !== "veth" || leaving !== undefined) {
    const what = type.text === "veth" ? leaving?.node : type.text;
    const at = leaving?.span ?? type.span;
    return [
      {
        span: at,
        message: `a link of type ${what} leads out of the lab`,
        hint: "leave it out: a lab is closed",
      },
    ];
  }
  const [a, b] = ends;
  if (a === undefined || b === undefined || ends.length > 2) {
    return [{ span, message: "a link has two endpoints", hint: 'write endpoints: ["r1:eth1", "r2:eth1"]' }];
  }
  if (a.node !== b.node || a.node === "") return [];
  return [{ span, message: `both ends of the link are at ${a.node}`, hint: "a link joins two nodes" }];
}

/** Each end is at a node that there is, on an interface that no other link has. */
function checkEnds(
  links: readonly ClabLink[],
  { nodes, source }: Pick<ClabContext, "nodes" | "source">,
): Mistake[] {
  const guess = guesser(nodes);
  const taken = new Map<string, number>();
  return links
    .flatMap(({ ends }) => ends)
    .flatMap(({ node, ifname, span }): Mistake[] => {
      if (outside.has(node)) return [];
      if (!nodes.has(node)) return [{ span, message: `no node is called "${node}"`, hint: guess(node) }];
      const endpoint = `${node}:${ifname}`;
      const earlier = taken.get(endpoint);
      if (earlier !== undefined) {
        return [
          {
            span,
            message: `${endpoint} is taken by the link in ${source.placeOf(earlier, { from: span.start })}`,
          },
        ];
      }
      if (ifname !== "") taken.set(endpoint, span.start);
      return [];
    });
}
