import { execFileSync } from "node:child_process";
import { chownSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { ask } from "../ask.ts";
import { DAEMON_ASN, type Link, type Network } from "../network.ts";
import type { Daemon } from "./daemon.ts";

/** FRR's bgpd, with zebra, which tells it which next hops can be reached and writes to the kernel. */
export const frr: Daemon = {
  name: "FRR",
  addresses: "linkLocal",
  kernel: [false, true],
  pauseMs: 25,
  prepare(network, { kernel }) {
    const run = runDirectory(network);
    network.makeDirectory(run);
    chownSync(run, id("-u"), id("-g"));
    const conf = `${network.directory}/frr.conf`;
    writeFileSync(conf, configuration(network));
    const common = ["-N", basename(run), "-f", conf];
    return [
      { argv: ["/usr/lib/frr/zebra", ...common], ready: `${run}/zserv.api` },
      { argv: ["/usr/lib/frr/bgpd", ...common, ...(kernel ? [] : ["--no_kernel"])] },
    ];
  },
  /** A prefix is in the table at once, but its best path is chosen later; then the version grows, or the entry goes. */
  async count(network) {
    const question = "show bgp ipv4 unicast summary json\0";
    const answer = await ask(`${runDirectory(network)}/bgpd.vty`, question, (text) => /\0\0\0.$/s.test(text));
    if (answer === "") return Number.NaN;
    const { tableVersion, ribCount, peers } = JSON.parse(answer.slice(0, -4)) as Summary;
    const received = Object.values(peers)[0]?.pfxRcd ?? 0;
    return received === 0 ? ribCount : Math.min(received, tableVersion);
  },
};

/** Of `show bgp ipv4 unicast summary json`. */
interface Summary {
  readonly tableVersion: number;
  /** Entries in the table, also of what is withdrawn and waits for its best path. */
  readonly ribCount: number;
  readonly peers: Readonly<Record<string, { readonly pfxRcd: number }>>;
}

function runDirectory({ directory }: Network): string {
  return `/var/run/frr/${basename(directory)}`;
}

function id(option: "-u" | "-g"): number {
  return Number(execFileSync("id", [option, "frr"], { encoding: "utf8" }));
}

function configuration({ links }: Network): string {
  return [
    `router bgp ${DAEMON_ASN}`,
    " bgp router-id 10.0.0.1",
    " no bgp ebgp-requires-policy",
    ...links.map(session),
    "",
  ].join("\n");
}

function session({ ifname, peer: { linkLocal, asn } }: Link): string {
  return [
    ` neighbor ${linkLocal} remote-as ${asn}`,
    ` neighbor ${linkLocal} interface ${ifname}`,
    ` neighbor ${linkLocal} capability extended-nexthop`,
    ` neighbor ${linkLocal} passive`,
  ].join("\n");
}
