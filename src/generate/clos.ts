import { requireSize } from "./errors.ts";
import { blockOf, prefixesOf } from "./prefixes.ts";
import type { Numbering, Shape } from "./shape.ts";
import type { Sketch } from "./sketch.ts";
import { firstAsn } from "./tiers.ts";

/** Every leaf linked with every spine; numbered as RFC 7938 §5.2.1 has it, all spines are in one AS. */
export function closSketch(
  { spines, leaves }: Extract<Shape, { type: "clos" }>,
  { prefixes, asnScheme }: Numbering,
): Sketch {
  requireSize("spines", spines, { least: 1, most: 255 });
  requireSize("leaves", leaves, { least: 1, most: 5000 });
  const tiers = asnScheme === "rfc7938";
  const first = firstAsn(leaves);
  return {
    comment: [
      `A Clos network of ${spines} spines and ${leaves} leaves.`,
      ...(tiers ? ["All spines are in one AS, and every leaf in its own (RFC 7938 §5.2.1)."] : []),
    ],
    name: `clos-${spines}x${leaves}`,
    routers: [
      {
        name: `spine[1-${spines}]`,
        asn: tiers ? first : undefined,
        originate: prefixesOf("10.255.{n}", prefixes),
      },
      {
        name: `leaf[1-${leaves}]`,
        asn: tiers ? `${first} + n` : undefined,
        originate: prefixesOf(blockOf(leaves), prefixes),
      },
    ],
    links: [{ link: "spine* -- leaf*" }],
  };
}
