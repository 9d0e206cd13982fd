import { type Prefix, prefixFamily } from "../../net/prefix.ts";
import type { NodePlan } from "../../plan/plan.ts";
import { advertiserWords, startAdvertiser } from "../beside.ts";
import { type Command, type Daemon, type Kind, type LabContext, placeOf } from "../kind.ts";
import { shell } from "../shell.ts";
import { shortName } from "../short-name.ts";
import { gobgpConfig, gobgpNeighbor, gobgpPrefixes } from "./gobgp-config.ts";
import { readGobgpStatus } from "./gobgp-status.ts";

/**
 * GoBGP 3 (https://osrg.github.io/gobgp), one process a router, with our Router Advertisements beside it.
 *
 * Without zebra it gives the kernel no routes: it knows the way, and does not forward.
 */
export const gobgp: Kind = {
  needs: { program: "gobgpd", package: "gobgpd" },
  daemons: (nodes, context) => nodes.map((node) => daemon(node, context)),
};

/**
 * What it originates is not in its configuration, but is told to it: each try waits up to a second for its socket, and
 * fails at once while it is starting. A socket that is there is that of one that was killed: this one starts again (RFC 4724),
 * and does not start at all beside it.
 */
const script = [
  startAdvertiser,
  'config=$4 socket=$5 prefixes=$6 again=; [ -e "$socket" ] && again=--graceful-restart; rm -f "$socket"',
  'ask() { gobgp --target "unix://$socket" "$@"; }',
  "while read -r family prefix; do",
  '  until ask global rib add -a "$family" "$prefix" origin igp 2>/dev/null; do kill -0 $$ || exit; done',
  'done <"$prefixes" &',
  'exec gobgpd -f "$config" --api-hosts "unix://$socket" --pprof-disable --log-plain $again',
];

/** It takes one prefix at a time. */
const order = [
  "socket=$1 verb=$2; shift 2",
  'while [ "$1" ]; do',
  '  gobgp --target "unix://$socket" global rib "$verb" -a "$1" "$2" origin igp || exit; shift 2',
  "done",
].join("\n");

function daemon(node: NodePlan, context: LabContext): Daemon {
  const { name, router, config = "" } = node;
  const path = (extension: string) => `${context.directory}/gobgp-${shortName(name)}.${extension}`;
  const [toml, socket, prefixes] = [path("toml"), path("sock"), path("prefixes")];
  const ask = (...command: string[]) => ["gobgp", "--target", `unix://${socket}`, "-j", ...command] as const;
  const tell = (verb: "add" | "del", told: readonly Prefix[]): Command => {
    const words = told.flatMap((prefix) => [`ipv${prefixFamily(prefix)}`, prefix]);
    return ["sh", "-c", order, "sh", socket, verb, ...words];
  };
  const nameOf = (ifname: string) => gobgpNeighbor({ ifname }, context.peers({ router: name, ifname }));
  const start = shell(path("sh"), {
    script,
    words: [...advertiserWords(node, context), toml, socket, prefixes],
  });
  return {
    name: `gobgp-${name}`,
    routers: [name],
    place: placeOf(node),
    command: start.command,
    files: [
      start.file,
      { path: toml, text: `${gobgpConfig(router, context.peers)}${config}` },
      { path: prefixes, text: gobgpPrefixes(router) },
    ],
    input: undefined,
    log: router.log ?? path("log"),
    probe: {
      type: "poll",
      commands: [ask("neighbor"), ask("global", "rib", "-a", "ipv4"), ask("global", "rib", "-a", "ipv6")],
      read: (outputs) => readGobgpStatus(router, { outputs, peers: context.peers }),
    },
    orders: {
      announce: (prefixes) => tell("add", prefixes),
      withdraw: (prefixes) => tell("del", prefixes),
      reset: (session) => ask("neighbor", nameOf(session), "reset"),
      // It judges anew what it was told, and asks nobody.
      refresh: (session) => ask("neighbor", nameOf(session), "softresetin"),
      shutdown: (session, words) => ask("neighbor", nameOf(session), "shutdown", "--reason", words),
    },
  };
}
