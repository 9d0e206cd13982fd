import type { Draft } from "./draft.ts";
import type { DraftLink } from "./expand-links.ts";
import type { Mistake, Source } from "./source.ts";
import type { Topology } from "./topology.ts";
import type { Tree } from "./tree.ts";

/** What a topology may say, but hardly means. */
export function findWarnings(
  _place: { source: Source; tree: Tree },
  _written: { draft: Draft; links: readonly DraftLink[] },
  _topology: Topology,
): Mistake[] {
  return [];
}
