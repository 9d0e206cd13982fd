import type { Action } from "../plan/action.ts";
import type { RouterAction } from "../topology/action.ts";
import { perform } from "./actions/perform.ts";
import type { Environment } from "./environment.ts";
import { readRecord } from "./lab-directory.ts";
import { lockLab } from "./lock.ts";
import { runningLab } from "./names.ts";
import type { Asked } from "./why-facts.ts";

export type { RouterAction };

/**
 * Does to a running lab what a user asks for, and keeps other commands away meanwhile.
 *
 * @param lab its name or topology file
 * @param what.choose what exactly is to be done, from what the lab is
 * @returns of each action whether it made a difference
 * @throws {LabLockedError}, and what `perform` and `choose` throw
 */
export async function act(
  lab: string,
  {
    command,
    choose,
    signal,
  }: { command: string; choose: (asked: Asked) => readonly Action[]; signal: AbortSignal },
  environment: Environment,
): Promise<boolean[]> {
  const { name } = await runningLab(lab, environment);
  using _ = lockLab({ lab: name, command }, environment.directories);
  const asked: Asked = { ...(await readRecord(name, environment)), environment, signal };
  const made: boolean[] = [];
  for (const action of choose(asked)) made.push(await perform(action, asked));
  return made;
}
