import { netnsInode } from "../../linux/netns.ts";
import { Rtnetlink } from "../../linux/rtnetlink/rtnetlink.ts";
import type { Survey } from "../runtime.ts";
import { labNetns } from "./netns-name.ts";
import { listProcesses } from "./process-table.ts";

/** Looks at the namespaces and processes of a lab. @throws {SystemError} */
export function survey(lab: string): Survey {
  const namespaces = labNetns().filter((netns) => netns.lab === lab && netnsInode(netns.path) !== undefined);
  const daemons = listProcesses().flatMap((process) => (process.lab === lab ? (process.daemon ?? []) : []));
  return {
    interfaces: new Map(namespaces.map(({ name, path }) => [name, interfacesIn(path)])),
    containers: new Set(),
    daemons: [...new Set(daemons)].map((name) => ({ name, place: { type: "machine" } })),
  };
}

/** The names of a namespace's interfaces, `lo` aside. @throws {SystemError} */
export function interfacesIn(path: string): string[] {
  using rtnetlink = Rtnetlink.open(path);
  return rtnetlink.links().flatMap(({ ifname }) => (ifname === "lo" ? [] : [ifname]));
}
