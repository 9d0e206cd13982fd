import { mkdirSync, writeFileSync } from "node:fs";
import { askBy } from "../ask.ts";
import { DAEMON_ASN, type Link, type Network } from "../network.ts";
import type { Daemon } from "./daemon.ts";

/**
 * OpenBGPD from Debian. It knows no RFC 8950, so its sessions have IPv4 addresses; and on Linux, it does not write to the
 * kernel.
 */
export const openbgpd: Daemon = {
  name: "OpenBGPD",
  addresses: "ipv4",
  kernel: [false],
  pauseMs: 100,
  prepare(network) {
    const conf = `${network.directory}/bgpd.conf`;
    mkdirSync("/run/openbgpd", { recursive: true });
    writeFileSync(conf, configuration(network), { mode: 0o600 });
    return [{ argv: ["/usr/sbin/bgpd", "-d", "-f", conf] }];
  },
  async count(network) {
    const { peer } = network.links[0] as Link;
    const answer = await askBy(
      "bgpctl",
      "-s",
      `${network.directory}/bgpd.sock`,
      "show",
      "neighbor",
      peer.ipv4,
    );
    return Number(/Prefixes\s+\d+\s+(\d+)/.exec(answer)?.[1] ?? Number.NaN);
  },
};

function configuration({ links, directory }: Network): string {
  return [
    `AS ${DAEMON_ASN}`,
    "router-id 10.0.0.1",
    "fib-update no",
    "listen on 0.0.0.0",
    `socket "${directory}/bgpd.sock"`,
    ...links.map(session),
    "allow from any",
    "allow to any",
    "",
  ].join("\n");
}

function session({ peer }: Link): string {
  return `neighbor ${peer.ipv4} {
  remote-as ${peer.asn}
  passive
  announce IPv4 unicast
  announce IPv6 none
}`;
}
