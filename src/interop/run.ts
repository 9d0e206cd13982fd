import type { Environment } from "../lab/environment.ts";
import type { FeatureName } from "./feature.ts";
import type { Pair } from "./pair.ts";
import { type PlayOptions, play } from "./play.ts";
import type { Cell, Matrix } from "./result.ts";
import { scenesOf } from "./scene.ts";
import { versionsOf } from "./versions.ts";

export interface RunOptions extends PlayOptions {
  readonly pairs: readonly Pair[];
  readonly features: readonly FeatureName[];
  /** How many labs may be up at once. */
  readonly jobs: number;
}

/** Tries features between pairs of programs, several labs at once. @throws whatever is no {@link LabError} */
export async function runMatrix(options: RunOptions, environment: Environment): Promise<Matrix> {
  const { clock } = environment;
  const startedAtMs = clock.now();
  const startedAt = new Date(clock.wallTime()).toISOString();
  const { pairs, features, jobs } = options;
  const all = pairs.map((pair) => scenesOf(pair, features));
  const cells = all.flatMap((each) => each.cells);
  for (const cell of cells) options.tell(cell);
  const waiting = all.flatMap(({ scenes }) => scenes);
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const workers = Array.from({ length: jobs }, async () => {
    for (let scene = waiting.shift(); scene !== undefined; scene = waiting.shift()) {
      cells.push(...(await play(scene, { ...options, signal }, environment)));
    }
  });
  for (const worker of workers) worker.catch((bug) => stop.abort(bug));
  await Promise.allSettled(workers);
  await Promise.all(workers);
  const kinds = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))];
  return {
    versions: await versionsOf(kinds, environment, options.signal),
    cells: sorted(cells, options),
    startedAt,
    durationMs: Math.round(clock.now() - startedAtMs),
  };
}

/** By pair and feature, whenever they came. */
function sorted(cells: readonly Cell[], { pairs, features }: RunOptions): Cell[] {
  const place = ({ pair, feature, way }: Cell) =>
    pairs.findIndex(({ a, b }) => a === pair.a && b === pair.b) * 1000 +
    features.indexOf(feature) * 2 +
    (way === "←" ? 1 : 0);
  return cells.toSorted((one, other) => place(one) - place(other));
}
