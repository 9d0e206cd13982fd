import type { NodePlan } from "../../plan/plan.ts";
import { advertiserWords, startAdvertiser } from "../beside.ts";
import { type Daemon, type Kind, type LabContext, placeOf } from "../kind.ts";
import { shell } from "../shell.ts";
import { shortName } from "../short-name.ts";
import { openbgpdConfig } from "./openbgpd-config.ts";
import { readOpenbgpdStatus } from "./openbgpd-status.ts";

/**
 * OpenBGPD's portable version 7 (https://www.openbgpd.org), one `bgpd` a router, with our Router Advertisements beside it.
 *
 * On Linux it gives the kernel no routes, and over link-local sessions it carries IPv6 alone.
 */
export const openbgpd: Kind = {
  // Not `bgpd`, of which FRR has another.
  needs: { program: "bgpctl", package: "openbgpd" },
  daemons: (nodes, context) => nodes.map((node) => daemon(node, context)),
};

/** The directory is the home of its user, to which its parts are confined; its package has it made at boot. */
const script = [startAdvertiser, "mkdir -p /run/openbgpd", 'exec bgpd -d -v -f "$4"'];

function daemon(node: NodePlan, context: LabContext): Daemon {
  const { name, router, config = "" } = node;
  const path = (extension: string) => `${context.directory}/openbgpd-${shortName(name)}.${extension}`;
  const [file, socket] = [path("conf"), path("sock")];
  const ask = (...command: string[]) => ["bgpctl", "-j", "-s", socket, "show", ...command] as const;
  // It is known by its description.
  const tell = (...command: string[]) => ["bgpctl", "-s", socket, ...command] as const;
  const start = shell(path("sh"), { script, words: [...advertiserWords(node, context), file] });
  return {
    name: `openbgpd-${name}`,
    routers: [name],
    place: placeOf(node),
    command: start.command,
    files: [
      start.file,
      { path: file, text: `${openbgpdConfig(router, { peers: context.peers, socket })}${config}` },
    ],
    input: undefined,
    log: router.log ?? path("log"),
    probe: {
      type: "poll",
      commands: [ask("neighbor"), ask("rib")],
      read: (outputs) => readOpenbgpdStatus(router, outputs),
      // By its description.
    },
    orders: {
      reload: tell("reload"),
      reset: (session) => tell("neighbor", session, "clear"),
      refresh: (session) => tell("neighbor", session, "refresh"),
      shutdown: (session, words) => tell("neighbor", session, "down", words),
    },
  };
}
