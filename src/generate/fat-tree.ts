import { requireSize, SizeError } from "./errors.ts";
import { prefixesOf } from "./prefixes.ts";
import type { Numbering, Shape } from "./shape.ts";
import type { Sketch } from "./sketch.ts";
import { firstAsn } from "./tiers.ts";

/**
 * The three tiers that switches with so many ports can make (Al-Fares, Loukissas and Vahdat, "A Scalable, Commodity Data
 * Center Network Architecture", 2008), without the hosts.
 *
 * Numbered as RFC 7938 §5.2.1 has it: one AS for the core, one for the aggregation of each pod, one for each edge.
 */
export function fatTreeSketch(
  { ports }: Extract<Shape, { type: "fat-tree" }>,
  { prefixes, asnScheme }: Numbering,
): Sketch {
  requireSize("ports", ports, { least: 2, most: 64 });
  if (ports % 2 !== 0) {
    throw new SizeError(`a switch of a fat tree cannot have ${ports} ports`, {
      hint: "give an even number: one half goes up, the other half down",
    });
  }
  const half = ports / 2;
  const tiers = asnScheme === "rfc7938";
  const first = firstAsn(ports + ports * half);
  const pods = Array.from({ length: ports }, (_, index) => index + 1);
  const columns = Array.from({ length: half }, (_, index) => index + 1);
  return {
    comment: [
      `A fat tree of switches with ${ports} ports: agg2-1 and edge2-1 are the first ones of the second pod.`,
      ...(tiers
        ? ["One AS for the core, one for the aggregation of each pod, one for each edge (RFC 7938 §5.2.1)."]
        : []),
    ],
    name: `fat-tree-${ports}`,
    routers: [
      {
        name: `core[1-${half * half}]`,
        asn: tiers ? first : undefined,
        originate: prefixesOf("10.{200 + n / 256}.{n % 256}", prefixes),
      },
      {
        name: `agg[1-${ports}]-[1-${half}]`,
        asn: tiers ? `${first} + n1` : undefined,
        originate: prefixesOf("10.{100 + n1}.{n2}", prefixes),
      },
      {
        name: `edge[1-${ports}]-[1-${half}]`,
        asn: tiers ? `${first + ports} + ${half} * (n1 - 1) + n2` : undefined,
        originate: prefixesOf("10.{n1}.{n2}", prefixes),
      },
    ],
    links: [
      ...pods.map((pod) => ({ link: `agg${pod}-* -- edge${pod}-*` })),
      ...columns.map((column) => ({
        link: `agg*-${column} -- core[${half * (column - 1) + 1}-${half * column}]`,
      })),
    ],
  };
}
