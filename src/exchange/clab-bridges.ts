import type { Mistake } from "../topology/source.ts";
import type { ClabEnd, ClabLink } from "./clab-file.ts";

/** A link of our own: between two nodes, or of all that a bridge joins. */
interface JoinedLink extends Pick<ClabLink, "span" | "mtu"> {
  readonly ends: readonly ClabEnd[];
}

/** All links, with one in the place of each bridge, where the first link with it stands. */
export function joinBridges(
  links: readonly ClabLink[],
  bridges: ReadonlySet<string>,
): { links: JoinedLink[]; mistakes: Mistake[]; warnings: Mistake[] } {
  const mistakes: Mistake[] = [];
  const joined = new Map<string | ClabLink, JoinedLink>();
  for (const link of links) {
    const [bridge, other] = link.ends.filter(({ node }) => bridges.has(node));
    if (other !== undefined) {
      const message = "the link joins two bridges";
      mistakes.push({ span: link.span, message, hint: "make one bridge of both" });
    } else if (bridge === undefined) {
      joined.set(link, link);
    } else {
      const { span, mtu, ends } = joined.get(bridge.node) ?? { ...link, ends: [] };
      const more = link.ends.filter((end) => end !== bridge);
      joined.set(bridge.node, { span, mtu: mtu ?? link.mtu, ends: [...ends, ...more] });
    }
  }
  const alone = [...joined].filter(([key, { ends }]) => typeof key === "string" && ends.length < 2);
  for (const [key] of alone) joined.delete(key);
  return {
    links: [...joined.values()],
    mistakes,
    warnings: alone.map(([key, { span }]) => {
      const message = `the bridge ${String(key)} joins nothing, and is left out with its link`;
      return { span, message };
    }),
  };
}
