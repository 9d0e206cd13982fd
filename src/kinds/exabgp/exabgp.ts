import type { NodePlan } from "../../plan/plan.ts";
import { advertiserWords, startAdvertiser } from "../beside.ts";
import { type Daemon, type Kind, type LabContext, placeOf } from "../kind.ts";
import { shell } from "../shell.ts";
import { shortName } from "../short-name.ts";
import { exabgpConfig } from "./exabgp-config.ts";
import { readExabgpStatus } from "./exabgp-status.ts";

/**
 * ExaBGP 4 (https://github.com/Exa-Networks/exabgp), one process a router, with our Router Advertisements beside it.
 *
 * It has no RIB, chooses nothing and passes nothing on. What its peer tells goes to its API, and here to a file, from which it is
 * read back.
 */
export const exabgp: Kind = {
  needs: { program: "exabgp", package: "exabgp" },
  daemons: (nodes, context) => nodes.map((node) => daemon(node, context)),
};

/** `listen` of a neighbor cannot have a link-local address, but the whole program can listen everywhere. */
const script = [
  startAdvertiser,
  ': >"$5"',
  "exec env exabgp.tcp.bind=:: exabgp.tcp.port=179 exabgp.daemon.drop=false exabgp.daemon.user=root \\",
  '  exabgp.api.ack=false exabgp.api.cli=false exabgp.log.destination=stdout exabgp "$4"',
];

function daemon(node: NodePlan, context: LabContext): Daemon {
  const { name, router, config = "" } = node;
  const path = (extension: string) => `${context.directory}/exabgp-${shortName(name)}.${extension}`;
  const [file, events] = [path("conf"), path("events")];
  const start = shell(path("sh"), { script, words: [...advertiserWords(node, context), file, events] });
  return {
    name: `exabgp-${name}`,
    routers: [name],
    place: placeOf(node),
    command: start.command,
    files: [
      start.file,
      { path: file, text: `${exabgpConfig(router, { peers: context.peers, events })}${config}` },
    ],
    input: undefined,
    log: router.log ?? path("log"),
    probe: {
      type: "poll",
      commands: [["cat", events]],
      read: ([text = ""]) => readExabgpStatus(router, text),
    },
  };
}
