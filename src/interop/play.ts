import type { Environment } from "../lab/environment.ts";
import { errorsIn, LabError, messageOf } from "../std/errors.ts";
import { features } from "./feature.ts";
import type { Meeting } from "./meeting.ts";
import { Unproven } from "./patience.ts";
import type { Cell, Verdict } from "./result.ts";
import { meetingOf, type Scene, type Trial } from "./scene.ts";
import { openStage } from "./stage.ts";

export interface PlayOptions {
  readonly signal: AbortSignal;
  /** Told each cell as soon as it is there. */
  readonly tell: (cell: Cell) => void;
  /** Looks at a failure while the lab is there still. */
  readonly examine: (cell: Cell, meeting: Meeting) => Promise<void>;
}

/** Tries all of a scene in a lab of its own, which is gone in the end. @throws whatever is no {@link LabError} */
export async function play(scene: Scene, options: PlayOptions, environment: Environment): Promise<Cell[]> {
  const cells: Cell[] = [];
  const add = ({ feature, way }: Trial, verdict: Verdict): Cell => {
    const cell = { feature, way, pair: scene.pair, verdict };
    cells.push(cell);
    options.tell(cell);
    return cell;
  };
  try {
    await using stage = await openStage(scene, options.signal, environment);
    const work = [...stage.meetings].map(async ([name, meeting]) => {
      for (const trial of scene.trials.filter((each) => meetingOf(scene, each) === name)) {
        const verdict = await attempt(trial, meeting);
        const cell = add(trial, verdict);
        if (verdict.type === "fail") await options.examine(cell, meeting);
      }
    });
    await Promise.all(work);
  } catch (error) {
    options.signal.throwIfAborted();
    if (!isExpected(error)) throw error;
    const known = ({ feature, way }: Trial) =>
      cells.some((cell) => cell.feature === feature && cell.way === way);
    const left = scene.trials.filter((trial) => !known(trial));
    for (const trial of left) add(trial, { type: "fail", reason: messageOf(error) });
  }
  return cells;
}

/** @throws what says nothing of the two: a bug, or the signal's reason */
async function attempt({ feature, from }: Trial, meeting: Meeting): Promise<Verdict> {
  const { proof } = features[feature];
  const { clock } = meeting.asked.environment;
  const startedAtMs = clock.now();
  try {
    await (proof.ways === "both" ? proof.prove(meeting) : proof.prove(meeting, from));
    return { type: "pass", ms: Math.round(clock.now() - startedAtMs) };
  } catch (error) {
    meeting.asked.signal.throwIfAborted();
    if (!(error instanceof Unproven) && !isExpected(error)) throw error;
    return { type: "fail", reason: messageOf(error) };
  }
}

function isExpected(error: unknown): boolean {
  return errorsIn(error).every((each) => each instanceof LabError);
}
