import { chains } from "./chain-text.ts";
import { requireSize } from "./errors.ts";
import { blockOf, prefixesOf } from "./prefixes.ts";
import type { Numbering, Shape } from "./shape.ts";
import type { Sketch } from "./sketch.ts";

type RowShape = Extract<Shape, { type: "ring" | "chain" | "star" | "full-mesh" }>;

/** More routers than a machine runs. */
const mostRouters = 10_000;

/** Beyond it a full mesh has more links than a machine makes. */
const mostInMesh = 300;

/** Routers with numbers from 1 on, each linked with the next one, with the first one or with all others. */
export function rowSketch({ type, routers }: RowShape, { prefixes }: Numbering): Sketch {
  requireSize("routers", routers, {
    least: type === "ring" ? 3 : 2,
    most: type === "full-mesh" ? mostInMesh : mostRouters,
  });
  const originate = prefixesOf(blockOf(routers), prefixes);
  const names = Array.from({ length: routers }, (_, index) => `r${index + 1}`);
  const all = { name: `r[1-${routers}]`, originate };
  const sketch = (comment: string, links: readonly string[]): Sketch => ({
    comment: [comment],
    name: `${type}-${routers}`,
    routers: [all],
    links: links.map((link) => ({ link })),
  });
  switch (type) {
    case "ring":
      return sketch(`A ring of ${routers} routers.`, chains([...names, "r1"]));
    case "chain":
      return sketch(`A chain of ${routers} routers.`, chains(names));
    case "full-mesh":
      return sketch(`${routers} routers, each linked with every other one.`, ["r* -- r*"]);
    case "star":
      return starSketch(routers, prefixes);
  }
}

function starSketch(routers: number, prefixes: number): Sketch {
  const spokes = routers - 1;
  return {
    comment: [`A hub with ${spokes} spokes.`],
    name: `star-${routers}`,
    routers: [
      { name: "hub", originate: prefixesOf("10.255.0", prefixes) },
      { name: `spoke[1-${spokes}]`, originate: prefixesOf(blockOf(spokes), prefixes) },
    ],
    links: [{ link: "hub -- spoke*" }],
  };
}
