import { formatEndpoint } from "../net/endpoint.ts";
import { yamlLines } from "../std/yaml-text.ts";
import type { Host, Topology, WireEnd } from "../topology/topology.ts";
import { type Cable, type DrawnNode, draw, formatHostAddress } from "./drawing.ts";

/** What containerlab gives a link without an MTU, in octets. */
const clabMtu = 9500;

/** Names of images, by which `fe80 import` knows the kind again. */
const images: Readonly<Record<DrawnNode["kind"], string>> = {
  speaker: "fe80",
  bird: "bird:2",
  frr: "frr:8.4.4",
  gobgp: "gobgp:3.10",
  openbgpd: "openbgpd:7.7",
  exabgp: "exabgp:4.2.21",
  host: "alpine:3",
};

/**
 * A containerlab file (https://containerlab.dev/manual/topo-def-file/): nodes and links, not what is said of BGP.
 *
 * Without a management network `eth0` is a link's, and links have link-local addresses though Docker has no IPv6.
 */
export function clabText(topology: Topology): string {
  const { nodes, cables } = draw(topology);
  const commands = new Map(topology.hosts.map((host) => [host.name, addressCommands(host)]));
  const file = {
    name: topology.name,
    topology: {
      defaults: {
        kind: "linux",
        "network-mode": "none",
        sysctls: { "net.ipv6.conf.all.disable_ipv6": 0 },
      },
      nodes: new Map<string, NodeText>([
        ...nodes.map(({ name, kind }) => [name, { image: images[kind], exec: commands.get(name) }] as const),
        ...cables.flatMap(({ hub }) => (hub === undefined ? [] : [[hub, { kind: "bridge" }] as const])),
      ]),
      links: cables.flatMap(linkTexts),
    },
  };
  const comment = [
    "# Exported by fe80: nodes and links. The images are names only; put your own in their place, with",
    "# their configuration.",
  ];
  return `${[...comment, ...yamlLines(file)].join("\n")}\n`;
}

type NodeText = {
  readonly kind?: string | undefined;
  readonly image?: string | undefined;
  readonly exec?: readonly string[] | undefined;
};

/** One link, or one to the bridge from each end. */
function linkTexts({ ends, mtu, hub }: Cable) {
  const pairs = hub === undefined ? [ends] : ends.map((end, index) => [end, portOf(hub, index)]);
  return pairs.map((pair) => ({
    endpoints: pair.some(({ mac }) => mac !== undefined) ? pair.map(extended) : pair.map(formatEndpoint),
    mtu: mtu === clabMtu ? undefined : mtu,
  }));
}

function portOf(hub: string, index: number): WireEnd {
  return { router: hub, ifname: `${hub}-${index}`, ifindex: undefined, mac: undefined };
}

function addressCommands({ addresses, wire: { ends } }: Host): string[] | undefined {
  const commands = addresses.map(
    (address) => `ip addr add ${formatHostAddress(address)} dev ${ends[0].ifname}`,
  );
  return commands.length === 0 ? undefined : commands;
}

function extended({ router, ifname, mac }: WireEnd) {
  return { node: router, interface: ifname, mac };
}
