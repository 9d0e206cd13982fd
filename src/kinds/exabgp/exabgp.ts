import type { Prefix } from "../../net/prefix.ts";
import type { NodePlan } from "../../plan/plan.ts";
import { advertiserWords, startAdvertiser } from "../beside.ts";
import { type Command, type Daemon, type Kind, type LabContext, placeOf } from "../kind.ts";
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
  // Open for both, so that whoever reads waits for orders, and whoever writes for nobody.
  ': >"$5"; rm -f "$6"; mkfifo "$6"; exec 4<>"$6"',
  "exec env exabgp.tcp.bind=:: exabgp.tcp.port=179 exabgp.daemon.drop=false exabgp.daemon.user=root \\",
  '  exabgp.api.ack=false exabgp.api.cli=false exabgp.log.destination=stdout exabgp "$4"',
];

/** A hundred prefixes an order: each takes milliseconds. One alone may have a path identifier, too. */
function inBulk(prefixes: readonly Prefix[], { verb, words }: { verb: string; words: string }): string[] {
  const told = ["next-hop self", words].join(" ").trimEnd();
  if (prefixes.length === 1) return [`${verb} route ${prefixes[0]} ${told}`];
  const parts = Array.from({ length: Math.ceil(prefixes.length / 100) }, (_, index) =>
    prefixes.slice(index * 100, (index + 1) * 100),
  );
  return parts.map((some) => `${verb} attributes ${told} nlri ${some.join(" ")}`);
}

function daemon(node: NodePlan, context: LabContext): Daemon {
  const { name, router, config = "" } = node;
  const path = (extension: string) => `${context.directory}/exabgp-${shortName(name)}.${extension}`;
  const [file, events, orders] = [path("conf"), path("events"), path("orders")];
  const words = [...advertiserWords(node, context), file, events, orders];
  const start = shell(path("sh"), { script, words });
  const tell = (...lines: string[]): Command => ["sh", "-c", 'printf "%s\\n" "$@" >"$0"', orders, ...lines];
  return {
    name: `exabgp-${name}`,
    routers: [name],
    place: placeOf(node),
    command: start.command,
    files: [
      start.file,
      { path: file, text: `${exabgpConfig(router, { peers: context.peers, events, orders })}${config}` },
    ],
    input: undefined,
    log: router.log ?? path("log"),
    probe: {
      type: "poll",
      commands: [["cat", events]],
      read: ([text = ""]) => readExabgpStatus(router, text),
    },
    orders: {
      reload: tell("reload"),
      reset: () => tell("teardown 4"),
      refresh: () => tell("announce route-refresh ipv4 unicast", "announce route-refresh ipv6 unicast"),
      announce: (prefixes, words = "") => tell(...inBulk(prefixes, { verb: "announce", words })),
      withdraw: (prefixes) => tell(...inBulk(prefixes, { verb: "withdraw", words: "" })),
    },
  };
}
