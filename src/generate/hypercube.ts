import { fans } from "./chain-text.ts";
import { requireSize } from "./errors.ts";
import { blockOf, prefixesOf } from "./prefixes.ts";
import type { Numbering, Shape } from "./shape.ts";
import type { Sketch } from "./sketch.ts";

/** A router for each number of so many bits, linked with those that differ in one bit. */
export function hypercubeSketch(
  { dimensions }: Extract<Shape, { type: "hypercube" }>,
  { prefixes }: Numbering,
): Sketch {
  requireSize("dimensions", dimensions, { least: 1, most: 10 });
  const routers = 2 ** dimensions;
  const links = Array.from({ length: routers - 1 }, (_, from) => {
    const to = Array.from({ length: dimensions }, (_, bit) => from ^ (1 << bit)).filter((one) => one > from);
    return fans(
      from,
      to.toSorted((a, b) => a - b),
    );
  });
  return {
    comment: [`A hypercube of ${dimensions} dimensions: linked routers differ in one bit of their numbers.`],
    name: `hypercube-${dimensions}`,
    routers: [{ name: `r[0-${routers - 1}]`, originate: prefixesOf(blockOf(routers), prefixes) }],
    links: links.flat().map((link) => ({ link })),
  };
}
