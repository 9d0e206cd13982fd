import { existsSync, rmSync } from "node:fs";
import { deleteNetns, netnsInode } from "../../linux/netns.ts";
import type { Clock } from "../../std/clock.ts";
import type { Removed } from "../runtime.ts";
import { endProcesses } from "./end-processes.ts";
import { labNetns } from "./netns-name.ts";
import { listProcesses, type ProcessEntry, signalProcess } from "./process-table.ts";

/**
 * Takes away a lab's processes, its namespaces with all that is in them, and its directory. Safe to repeat.
 *
 * What holds nothing of worth dies meanwhile: the kernel takes a second to free a million routes and the sockets of a thousand routers.
 */
export async function* removeLab(
  lab: string,
  { directory, clock }: { directory: string; clock: Clock },
): AsyncGenerator<Removed> {
  // A speaker would say goodbye to peers that go as well, and take a million routes out of namespaces that do: whatever is
  // marked as a daemon holds nothing that is worth that.
  const kills = ({ lab: mark, daemon }: ProcessEntry) => mark === lab && daemon !== undefined;
  const what = `processes of the lab ${lab}`;
  const killed = listProcesses().filter(kills);
  for (const process of killed) signalProcess(process, "SIGKILL");
  const list = processLister(lab);
  const others = () => list().filter((process) => !kills(process));
  yield* endProcesses({ what, list: others, kills: () => false }, clock);
  for (const { name } of labNetns().filter((netns) => netns.lab === lab)) {
    deleteNetns(name);
    yield { type: "netns", name };
  }
  if (existsSync(directory)) {
    rmSync(directory, { recursive: true, force: true });
    yield { type: "directory", name: directory };
  }
  yield* endProcesses({ what, list, kills, killed }, clock);
}

/** Lists those that are marked as the lab's, and those that are in one of the namespaces that it has now, never this one. */
function processLister(lab: string): () => ProcessEntry[] {
  const inodes = new Set(
    labNetns()
      .filter((netns) => netns.lab === lab)
      .map(({ path }) => netnsInode(path))
      .filter((inode) => inode !== undefined),
  );
  return () =>
    listProcesses().filter(
      ({ pid, lab: mark, netns }) =>
        pid !== process.pid && (mark === lab || (netns !== undefined && inodes.has(netns))),
    );
}
