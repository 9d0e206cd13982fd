import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { growthSvg, type Series } from "./growth-svg.ts";
import { growingRings } from "./labs.ts";
import { loadLine, median } from "./statistics.ts";
import { type BroughtUp, bringUp } from "./up-fe80.ts";

/**
 * What rings from 10 to 1,000 routers take, each router's prefix at every router: time, CPU time and memory.
 *
 *     node bench/growth.ts [--runs 3] [--sizes 10,30,100,300,1000] [--write]      as root
 *
 * Rings of more than 300 are brought up once: they take long, and vary little. `--write` draws docs/growth.svg.
 */

const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "3" },
    sizes: { type: "string", default: "10,30,100,300,1000" },
    write: { type: "boolean", default: false },
  },
});

const LARGE = 300;

const sizes = options.sizes.split(",").map(Number);

const measures: readonly (readonly [name: string, of: (up: BroughtUp) => number])[] = [
  ["up, ms", ({ moments }) => moments.converged],
  ["sessions up, ms", ({ moments }) => moments["last session Established"]],
  ["network made, ms", ({ moments }) => moments["network made, speaker loaded"]],
  ["speaker's CPU, ms", ({ cpuMs }) => cpuMs],
  ["speaker's memory, MiB", ({ peakMiB }) => peakMiB],
  ["down, ms", ({ downMs }) => downMs],
];

using rings = growingRings(sizes);
const [first] = rings.labs;
if (first) bringUp(first); // what Node compiled is kept from now on
const ups = rings.labs.map((lab, index) => {
  const runs = (sizes[index] ?? 0) > LARGE ? 1 : Number(options.runs);
  return Array.from({ length: runs }, () => bringUp(lab));
});
const series: Series[] = measures.map(([name, of]) => ({
  name,
  points: sizes.map((size, index) => ({ x: size, y: median((ups[index] ?? []).map(of)) })),
}));

process.stdout.write(`medians of ${options.runs} runs, ${loadLine()}\n\n`);
process.stdout.write(`${"routers".padEnd(24)}${sizes.map((size) => String(size).padStart(10)).join("")}\n`);
for (const { name, points } of series) {
  process.stdout.write(`${name.padEnd(24)}${points.map(({ y }) => y.toFixed(0).padStart(10)).join("")}\n`);
}
if (options.write) {
  const title = `Rings of ${sizes[0]} to ${sizes.at(-1)} routers, each router's prefix at every router`;
  writeFileSync("docs/growth.svg", `${growthSvg(title, series).join("\n")}\n`);
  process.stdout.write(`docs/growth.svg: ${readFileSync("docs/growth.svg").length} octets\n`);
}
