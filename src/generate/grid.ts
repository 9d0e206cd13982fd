import { chains } from "./chain-text.ts";
import { requireSize } from "./errors.ts";
import { prefixesOf } from "./prefixes.ts";
import type { Numbering, Shape } from "./shape.ts";
import type { Sketch } from "./sketch.ts";

type GridShape = Extract<Shape, { type: "grid" | "torus" }>;

/** A side's length fits in an octet of the routers' prefixes. */
const mostOnSide = 100;

/** Rows and columns of routers, each linked with its neighbors; in a torus the last with the first ones, too. */
export function gridSketch({ type, rows, columns }: GridShape, { prefixes }: Numbering): Sketch {
  const torus = type === "torus";
  requireSize("rows", rows, { least: torus ? 3 : 1, most: mostOnSide });
  requireSize("columns", columns, { least: torus ? 3 : 2, most: mostOnSide });
  const name = (row: number, column: number) => `r${(row % rows) + 1}-${(column % columns) + 1}`;
  const line = (length: number, at: (index: number) => string) =>
    chains(Array.from({ length: torus ? length + 1 : length }, (_, index) => at(index)));
  const across = indexes(rows).flatMap((row) => line(columns, (column) => name(row, column)));
  const down = rows === 1 ? [] : indexes(columns).flatMap((column) => line(rows, (row) => name(row, column)));
  const closed = torus ? ", closed to rings" : "";
  return {
    comment: [`${rows} rows of ${columns} routers${closed}: r2-3 is the third of the second row.`],
    name: `${type}-${rows}x${columns}`,
    routers: [{ name: `r[1-${rows}]-[1-${columns}]`, originate: prefixesOf("10.{n1}.{n2}", prefixes) }],
    links: [...across, ...down].map((link) => ({ link })),
  };
}

function indexes(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
