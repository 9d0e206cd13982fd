import { formatSketch } from "../src/generate/format-sketch.ts";
import { generate } from "../src/generate/generate.ts";
import type { Shape } from "../src/generate/shape.ts";
import { compile } from "../src/plan/compile.ts";
import { expectedRoutes } from "../src/plan/routes.ts";
import { parseTopology } from "../src/topology/parse.ts";

/**
 * How long a topology takes from its text to its plan, and how that grows with the lab.
 *
 *     node bench/compile.ts [RUNS]      the median of 5 runs unless given; only once where a run takes more than 2 s
 *
 * "spelt": every router and every link has a line of its own, instead of ranges and patterns.
 *
 * Without prefixes nothing but sessions is expected, so that the plan alone is measured; with one prefix a router, the
 * routes that BGP brings everywhere are worked out, too: their number is the square of that of the routers.
 */

const runs = Number(process.argv[2] ?? 5);
const paths = { netnsDirectory: "/run/netns", runDirectory: "/run/fe80/bench" };

const ring = (routers: number): Shape => ({ type: "ring", routers });
const random = (routers: number, links: number): Shape => ({ type: "random", routers, links, seed: 1 });

interface Measured {
  readonly ms: number;
  readonly result: number;
}

function median(work: () => number): Measured {
  const times: number[] = [];
  let result = 0;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    result = work();
    times.push(performance.now() - start);
    if ((times[0] ?? 0) > 2000) break;
  }
  return { ms: times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN, result };
}

const textOf = (shape: Shape, prefixes: number) =>
  generate(shape, { name: "bench", prefixes, asnScheme: "unique" });

const parse = (text: string) => parseTopology({ file: "bench.yaml", text });

/** The same with every router and every link on a line of its own. */
function spellOut(text: string): string {
  const { name, routers, links } = parse(text);
  return formatSketch({
    comment: [],
    name,
    routers: routers.map(({ name, asn }) => ({ name, asn })),
    links: links.map(({ ends: [a, b] }) => ({ link: `${a.router}:${a.ifname} -- ${b.router}:${b.ifname}` })),
  });
}

function row(cells: readonly string[]): void {
  process.stdout.write(
    `${cells.map((cell, index) => (index === 0 ? cell.padEnd(16) : cell.padStart(11))).join(" ")}\n`,
  );
}

const ms = (value: number) => value.toFixed(value < 10 ? 2 : 0);
const each = (value: number, things: number) => ((value * 1000) / things).toFixed(1);

function plans(): void {
  process.stdout.write("text to plan; µs for each router and link\n\n");
  row(["shape", "routers", "links", "parse ms", "plan ms", "together ms", "µs each"]);
  const shapes = [ring(10), ring(100), ring(1000), ring(5000), random(1000, 4000), random(5000, 20_000)];
  const short = shapes.map((shape) => ({ name: shape.type, text: textOf(shape, 0) }));
  const spelt = shapes
    .slice(-4)
    .map((shape) => ({ name: `${shape.type}, spelt`, text: spellOut(textOf(shape, 0)) }));
  for (const { name, text } of [...short, ...spelt]) {
    const topology = parse(text);
    const [routers, links] = [topology.routers.length, topology.links.length];
    const parsing = median(() => parse(text).routers.length);
    const planning = median(() => compile(topology, paths).nodes.length);
    const together = parsing.ms + planning.ms;
    const times = [parsing.ms, planning.ms, together].map(ms);
    row([name, String(routers), String(links), ...times, each(together, routers + links)]);
  }
}

function routes(): void {
  process.stdout.write("\nexpected routes, with one prefix a router; µs for each route\n\n");
  row(["shape", "routers", "links", "routes", "ms", "µs each"]);
  for (const shape of [
    ring(10),
    ring(100),
    ring(1000),
    random(100, 400),
    random(300, 1200),
    random(1000, 4000),
  ]) {
    const topology = parse(textOf(shape, 1));
    const { ms: time, result } = median(() => expectedRoutes(topology).length);
    const sizes = [topology.routers.length, topology.links.length, result].map(String);
    row([shape.type, ...sizes, ms(time), each(time, result)]);
  }
}

parse(textOf(ring(200), 1)); // what is compiled at the first use is not measured
plans();
routes();
