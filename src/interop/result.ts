import type { KindName } from "../topology/topology.ts";
import type { FeatureName, Way } from "./feature.ts";
import type { Pair } from "./pair.ts";

/** What came of one feature between two programs. Plain JSON. */
export interface Cell {
  readonly feature: FeatureName;
  /** From the first of the two to the second, or back; null for what has no direction. */
  readonly way: Way | null;
  readonly pair: Pair;
  readonly verdict: Verdict;
}

export type Verdict =
  /** @property ms how long the proof took */
  | { readonly type: "pass"; readonly ms: number }
  | { readonly type: "fail"; readonly reason: string }
  /** One of them cannot do it. */
  | { readonly type: "cannot"; readonly whose: KindName; readonly reason: string; readonly proof: string };

/** All that a run has found. Plain JSON. */
export interface Matrix {
  /** As each program calls itself. */
  readonly versions: Partial<Readonly<Record<KindName, string>>>;
  readonly cells: readonly Cell[];
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
}
