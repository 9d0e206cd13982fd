import { type Prefix, prefixFamily } from "../../net/prefix.ts";
import type { NodePlan } from "../../plan/plan.ts";
import { kernelCommands } from "../kernel-routes.ts";
import { type Daemon, type Kind, type LabContext, placeOf } from "../kind.ts";
import { shell } from "../shell.ts";
import { shortName } from "../short-name.ts";
import { bgpdConfig, restartsGracefully, zebraConfig } from "./frr-config.ts";
import { readFrrStatus } from "./frr-status.ts";

/** Where Debian's package has the daemons: OpenBGPD has a `bgpd` in PATH, too. */
const daemons = "/usr/lib/frr";

/** Number of FRR's routes of BGP in the kernel, RTPROT_BGP (linux/rtnetlink.h). */
const RTPROT_BGP = "186";

/** FRR (https://frrouting.org), a zebra and a bgpd for each router, with sockets in a directory of its own. */
export const frr: Kind = {
  needs: { program: `${daemons}/bgpd`, package: "frr" },
  // It insists, for VRFs of namespaces that we do not have.
  capabilities: ["SYS_ADMIN"],
  daemons: (nodes, context) => nodes.map((node) => daemon(node, context)),
};

/**
 * zebra goes into the background once it answers, and only then bgpd looks for it.
 *
 * Both give up their rights before they read and write: the directory, and the log with it, must be theirs.
 */
const script = [
  "set -e",
  'own=$1 log=$2 keep=$3; shift 3; umask 077; install -d -o frr -g frr "$own"',
  'chown frr:frr "$own"/*.conf "$log"',
  `${daemons}/zebra -d $keep -f "$own/zebra.conf" -i "$own/zebra.pid" --log "file:$log" "$@"`,
  `exec ${daemons}/bgpd -f "$own/bgpd.conf" -i "$own/bgpd.pid" --log stdout "$@"`,
];

const families = ["ipv4", "ipv6"];

function daemon(node: NodePlan, { directory, peers }: LabContext): Daemon {
  const own = `${directory}/frr-${shortName(node.name)}`;
  const { router, config = "" } = node;
  const log = router.log ?? `${own}/log`;
  const sockets = ["-z", `${own}/zserv.api`, "--vty_socket", own, "-P", "0"];
  const bgp = ["neighbors", "ipv4 unicast", "ipv6 unicast"].map((what) => `show bgp ${what} json`);
  const tell = (...lines: string[]) =>
    ["vtysh", "--vty_socket", own, "-d", "bgpd", ...lines.flatMap((line) => ["-c", line])] as const;
  const networks = (prefixes: readonly Prefix[], words: string) => [
    "configure terminal",
    `router bgp ${router.asn}`,
    ...prefixes.flatMap((prefix) => [
      `address-family ipv${prefixFamily(prefix)} unicast`,
      `${words} ${prefix}`,
      "exit-address-family",
    ]),
  ];
  // What a zebra that was killed has left in the kernel stays until bgpd tells it again, or for a minute.
  const keep = restartsGracefully(router) ? "-K60" : "";
  const start = shell(`${own}/start.sh`, { script, words: [own, log, keep, ...sockets] });
  return {
    name: `frr-${node.name}`,
    routers: [node.name],
    place: placeOf(node),
    command: start.command,
    files: [
      start.file,
      { path: `${own}/zebra.conf`, text: zebraConfig(router) },
      { path: `${own}/bgpd.conf`, text: `${bgpdConfig(router, peers)}${config}` },
    ],
    input: undefined,
    log,
    probe: {
      type: "poll",
      commands: [
        tell(...bgp),
        ...kernelCommands(RTPROT_BGP),
        // Without zebra bgpd goes on as if nothing was; then this fails.
        ["vtysh", "--vty_socket", own, "-d", "zebra", "-c", "show version"],
      ],
      read: (outputs) => readFrrStatus(router, outputs),
    },
    orders: {
      announce: (prefixes) => tell(...networks(prefixes, "network")),
      withdraw: (prefixes) => tell(...networks(prefixes, "no network")),
      reset: (session) => tell(`clear bgp ${session}`),
      refresh: (session) =>
        tell(...families.map((family) => `clear bgp ${family} unicast ${session} soft in`)),
      shutdown: (session, words) =>
        tell(
          "configure terminal",
          `router bgp ${router.asn}`,
          `neighbor ${session} shutdown message ${words}`,
        ),
    },
  };
}
