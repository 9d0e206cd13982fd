import { closSketch } from "./clos.ts";
import { fatTreeSketch } from "./fat-tree.ts";
import { formatSketch } from "./format-sketch.ts";
import { gridSketch } from "./grid.ts";
import { hypercubeSketch } from "./hypercube.ts";
import { randomSketch } from "./random-graph.ts";
import { rowSketch } from "./rows.ts";
import type { Numbering, Shape } from "./shape.ts";
import type { Sketch } from "./sketch.ts";

export interface GenerateOptions extends Numbering {
  /** The lab's name; that of the shape and its sizes unless given. */
  readonly name: string | undefined;
}

/** The AS of a lab that has only one. */
const onlyAsn = 65_000;

/** The text of a topology file with a graph of that shape; the same shape and options always give the same text. @throws {SizeError} */
export function generate(shape: Shape, options: GenerateOptions): string {
  const sketch = sketchOf(shape, options);
  return formatSketch({
    ...sketch,
    name: options.name ?? sketch.name,
    ...(options.asnScheme === "single" ? { defaults: { asn: onlyAsn } } : {}),
  });
}

function sketchOf(shape: Shape, numbering: Numbering): Sketch {
  switch (shape.type) {
    case "ring":
    case "chain":
    case "star":
    case "full-mesh":
      return rowSketch(shape, numbering);
    case "grid":
    case "torus":
      return gridSketch(shape, numbering);
    case "clos":
      return closSketch(shape, numbering);
    case "fat-tree":
      return fatTreeSketch(shape, numbering);
    case "hypercube":
      return hypercubeSketch(shape, numbering);
    case "random":
      return randomSketch(shape, numbering);
  }
}
