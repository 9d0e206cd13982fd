import { writeFileSync } from "node:fs";
import { ask } from "../ask.ts";
import { DAEMON_ASN, type Link, type Network } from "../network.ts";
import type { Daemon } from "./daemon.ts";

/** BIRD 2 from Debian. */
export const bird: Daemon = {
  name: "BIRD",
  addresses: "linkLocal",
  kernel: [false, true],
  pauseMs: 25,
  prepare(network, { kernel }) {
    const [conf, socket] = [`${network.directory}/bird.conf`, `${network.directory}/bird.ctl`];
    writeFileSync(conf, configuration(network, kernel));
    return [{ argv: ["bird", "-f", "-c", conf, "-s", socket] }];
  },
  async count({ directory }) {
    const answer = await ask(`${directory}/bird.ctl`, "show protocols all eth0\n", (text) =>
      /^0000/m.test(text),
    );
    return Number(/Routes:\s+(\d+) imported/.exec(answer)?.[1] ?? Number.NaN);
  },
};

function configuration({ links }: Network, kernel: boolean): string {
  return [
    "router id 10.0.0.1;",
    "protocol device { }",
    kernel ? "protocol kernel { ipv4 { import none; export all; }; }" : "",
    ...links.map(session),
  ].join("\n");
}

function session({ ifname, peer }: Link): string {
  return `protocol bgp ${ifname} {
  local as ${DAEMON_ASN};
  neighbor ${peer.linkLocal}%'${ifname}' as ${peer.asn};
  passive yes;
  ipv4 { import all; export all; extended next hop yes; };
}`;
}
