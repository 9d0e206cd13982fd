import { rm, stat } from "node:fs/promises";
import { deleteNetns, netnsInode } from "../../linux/netns.ts";
import type { Clock } from "../../std/clock.ts";
import type { Removed } from "../runtime.ts";
import { endProcesses } from "./end-processes.ts";
import { labNetns } from "./netns-name.ts";
import { listProcesses, type ProcessEntry } from "./process-table.ts";

/** Takes away a lab's processes, then its namespaces with all that is in them, then its directory. Safe to repeat. */
export async function* removeLab(
  lab: string,
  { directory, clock }: { directory: string; clock: Clock },
): AsyncGenerator<Removed> {
  // A speaker would say goodbye to peers that go as well, and take a million routes out of namespaces that do: whatever is
  // marked as a daemon holds nothing that is worth that.
  const kills = ({ lab: mark, daemon }: ProcessEntry) => mark === lab && daemon !== undefined;
  const what = `processes of the lab ${lab}`;
  yield* endProcesses({ what, list: () => processesOf(lab), kills }, clock);
  for (const { name } of labNetns().filter((netns) => netns.lab === lab)) {
    deleteNetns(name);
    yield { type: "netns", name };
  }
  if (await exists(directory)) {
    await rm(directory, { recursive: true, force: true });
    yield { type: "directory", name: directory };
  }
}

/** Those that are marked as the lab's, and those that are in one of its namespaces, never this one. */
function processesOf(lab: string): ProcessEntry[] {
  const inodes = new Set(
    labNetns()
      .filter((netns) => netns.lab === lab)
      .map(({ path }) => netnsInode(path))
      .filter((inode) => inode !== undefined),
  );
  return listProcesses().filter(
    ({ pid, lab: mark, netns }) =>
      pid !== process.pid && (mark === lab || (netns !== undefined && inodes.has(netns))),
  );
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
