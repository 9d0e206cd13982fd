import { writeFileSync } from "node:fs";
import { askBy } from "../ask.ts";
import { DAEMON_ASN, type Link, type Network } from "../network.ts";
import type { Daemon } from "./daemon.ts";

/** GoBGP from Debian. It has no way into the kernel but zebra. */
export const gobgp: Daemon = {
  name: "GoBGP",
  addresses: "linkLocal",
  kernel: [false],
  pauseMs: 200,
  async prepare(network) {
    const conf = `${network.directory}/gobgp.toml`;
    writeFileSync(conf, configuration(network));
    // It ends at once unless the neighbor table has exactly one link-local address on each interface.
    for (const { ifname, peer } of network.links) {
      await askBy(
        "ip",
        "netns",
        "exec",
        network.daemon,
        "ping",
        "-6",
        "-c1",
        "-W2",
        `${peer.linkLocal}%${ifname}`,
      );
    }
    return [{ argv: ["gobgpd", "-f", conf, "--api-hosts", `unix://${network.directory}/gobgp.sock`] }];
  },
  async count(network) {
    const { ifname, peer } = network.links[0] as Link;
    const target = `unix://${network.directory}/gobgp.sock`;
    const answer = await askBy("gobgp", "--target", target, "neighbor", `${peer.linkLocal}%${ifname}`);
    return Number(/Accepted:\s+(\d+)/.exec(answer)?.[1] ?? Number.NaN);
  },
};

function configuration({ links }: Network): string {
  return [
    "[global.config]",
    `  as = ${DAEMON_ASN}`,
    '  router-id = "10.0.0.1"',
    "  port = 179",
    ...links.map(session),
  ].join("\n");
}

function session({ ifname, peer }: Link): string {
  return `[[neighbors]]
  [neighbors.config]
    neighbor-interface = "${ifname}"
    peer-as = ${peer.asn}
  [neighbors.transport.config]
    passive-mode = true`;
}
