import { type FeatureName, features, type Stage, type Way, waysOf } from "./feature.ts";
import { limitOf } from "./limits.ts";
import type { End, Pair } from "./pair.ts";
import type { Cell } from "./result.ts";
import { meetings, restarts, type TopologyText, talk } from "./topologies.ts";

/** Something to be proven of two programs. */
export interface Trial {
  readonly feature: FeatureName;
  readonly way: Way | null;
  /** Who does what it is about. */
  readonly from: End;
}

/** A lab in which some things are tried between two programs. */
export interface Scene {
  readonly pair: Pair;
  readonly type: Stage["type"];
  readonly trials: readonly Trial[];
}

/** What is to be tried between two programs, and what need not be, because one of them cannot do it. */
export function scenesOf(pair: Pair, chosen: readonly FeatureName[]): { scenes: Scene[]; cells: Cell[] } {
  const trials = chosen.flatMap((feature) =>
    waysOf(features[feature]).map(({ way, from }): Trial => ({ feature, way, from })),
  );
  const judged = trials.map((trial) => ({ trial, limit: limitOf(trial, pair) }));
  const cells = judged.flatMap(({ trial: { feature, way }, limit }): Cell[] =>
    limit === undefined ? [] : [{ feature, way, pair, verdict: { type: "cannot", ...limit } }],
  );
  const possible = judged.flatMap(({ trial, limit }) => (limit === undefined ? [trial] : []));
  const byType = Map.groupBy(possible, ({ feature }) => features[feature].stage.type);
  return { scenes: [...byType].map(([type, own]) => ({ pair, type, trials: own })), cells };
}

/** The lab of a scene, as its file would have it. */
export function topologyOf({ pair, type, trials }: Scene): TopologyText {
  const name = `interop-${pair.a}-${pair.b}-${type}`.replace("speaker", "ours");
  switch (type) {
    case "talk":
      return talk(name, pair);
    case "restarts":
      return restarts(name, pair);
    case "meeting": {
      const texts = trials.flatMap(({ feature }) => {
        const { stage } = features[feature];
        return stage.type === "meeting" ? [[feature, stage.text] as const] : [];
      });
      return meetings(name, pair, new Map(texts));
    }
  }
}

/** The meeting of a scene's lab in which something is tried; there is only one, without a name, but in scenes of meetings. */
export function meetingOf({ type }: Scene, { feature }: Trial): string {
  return type === "meeting" ? feature : "";
}
