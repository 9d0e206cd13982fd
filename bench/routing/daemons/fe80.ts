import { writeFileSync } from "node:fs";
import { nodeOptions } from "../../../src/kinds/speaker-command.ts";
import { ask } from "../ask.ts";
import { DAEMON_ASN, type Link, type Network } from "../network.ts";
import { prefixOf } from "../routes.ts";
import type { Daemon } from "./daemon.ts";

const PROGRAM = "src/bin/fe80-speaker.ts";

/** Our own speaker, run from its sources, with more arguments for Node such as `--cpu-prof`. */
export function fe80(root: string, node: readonly string[] = []): Daemon {
  return {
    name: "fe80",
    addresses: "linkLocal",
    kernel: [false, true],
    pauseMs: 25,
    prepare(network, { kernel }) {
      const conf = `${network.directory}/speaker.json`;
      writeFileSync(conf, JSON.stringify(configuration(network, kernel)));
      return [{ argv: [process.execPath, ...nodeOptions, ...node, `${root}/${PROGRAM}`, conf] }];
    },
    /** It decides about prefixes in the order in which they came. */
    async count({ directory }, { count }) {
      const request = { type: "routes", router: "daemon", prefix: prefixOf(count - 1) };
      const question = `${JSON.stringify(request)}\n`;
      const answer = await ask(`${directory}/control`, question, (text) => text.endsWith("\n"));
      if (!answer.includes('"type":"routes"')) return Number.NaN;
      return answer.includes('"state":"best"') ? count : 0;
    },
  };
}

function configuration({ directory, links }: Network, kernel: boolean) {
  const router = {
    name: "daemon",
    asn: DAEMON_ASN,
    routerId: "10.0.0.1",
    log: `${directory}/speaker.log`,
    logLevel: "info",
    install: kernel,
    sessions: links.map(session),
  };
  return { control: `${directory}/control`, routers: [router] };
}

function session({ ifname, peer }: Link) {
  return { ifname, remoteAs: peer.asn, passive: true, families: [4] };
}
