import { Random } from "../std/random.ts";
import { fans } from "./chain-text.ts";
import { requireSize } from "./errors.ts";
import { blockOf, prefixesOf } from "./prefixes.ts";
import type { Numbering, Shape } from "./shape.ts";
import type { Sketch } from "./sketch.ts";

const mostRouters = 10_000;
const mostLinks = 20_000;

/** A connected graph, the same for the same seed: a random tree, and links between random pairs that have none yet. */
export function randomSketch(
  { routers, links, seed }: Extract<Shape, { type: "random" }>,
  { prefixes }: Numbering,
): Sketch {
  requireSize("routers", routers, { least: 2, most: mostRouters });
  const pairs = (routers * (routers - 1)) / 2;
  requireSize("links", links, { least: routers - 1, most: Math.min(pairs, mostLinks) });
  const peers = randomPeers({ routers, links }, new Random(seed));
  return {
    comment: [`A random graph of ${routers} routers and ${links} links, connected, from the seed ${seed}.`],
    name: `random-${routers}x${links}`,
    routers: [{ name: `r[1-${routers}]`, originate: prefixesOf(blockOf(routers), prefixes) }],
    links: Array.from(peers)
      .toSorted(([a], [b]) => a - b)
      .flatMap(([from, to]) =>
        fans(
          from,
          [...to].sort((a, b) => a - b),
        ),
      )
      .map((link) => ({ link })),
  };
}

/** For each router, those with a higher number that it is linked with. */
function randomPeers(
  { routers, links }: { routers: number; links: number },
  random: Random,
): Map<number, Set<number>> {
  const peers = new Map<number, Set<number>>();
  let made = 0;
  const link = (a: number, b: number) => {
    const [from, to] = [Math.min(a, b), Math.max(a, b)];
    const known = peers.get(from) ?? new Set();
    peers.set(from, known);
    if (from === to || known.has(to)) return;
    known.add(to);
    made++;
  };
  for (let router = 2; router <= routers; router++) link(router, 1 + random.below(router - 1));
  while (made < links) link(1 + random.below(routers), 1 + random.below(routers));
  for (const [from, to] of peers) if (to.size === 0) peers.delete(from);
  return peers;
}
