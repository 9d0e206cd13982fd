import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ask, askJson, type Make, type Path, startProgram } from "./daemon.ts";
import { asns, feederAsn, until } from "./lab.ts";

/** GoBGP. It takes our address from the neighbor table, and sends no Router Advertisements, so that it must dial. */
export const gobgp: Make = {
  name: "GoBGP",
  async start(t, lab, { originate, again }) {
    const [conf, socket] = [
      join(lab.directory, "gobgp.toml"),
      join(lab.directory, again ? "again.sock" : "gobgp.sock"),
    ];
    writeFileSync(conf, configuration());
    const peers = ["fe80::1%eth0", "fe80::13%eth1", "fe80::14%eth2"];
    for (const peer of peers) {
      await ask("ip", "netns", "exec", basename(lab.theirs), "ping", "-6", "-c1", "-W5", peer);
    }
    const restart = again ? ["--graceful-restart"] : [];
    const target = `unix://${socket}`;
    const { kill } = startProgram(t, lab, ["gobgpd", "-f", conf, "--api-hosts", target, ...restart]);
    const tell = (...args: string[]) => ask("gobgp", "--target", target, ...args);
    await until("GoBGP answers", async () => (await tell("global")) !== "");
    for (const prefix of originate) {
      await tell(
        "global",
        "rib",
        "add",
        prefix,
        "nexthop",
        "fe80::2",
        "large-community",
        `${asns.theirs}:1:2`,
      );
    }
    const received = async () => {
      const args = ["--target", target, "neighbor", "fe80::1%eth0", "adj-in", "-a", "ipv4", "-j"];
      return (await askJson<Readonly<Record<string, readonly GoPath[]>>>("gobgp", ...args)) ?? {};
    };
    return {
      kill,
      isUp: async () => /BGP state = ESTABLISHED/i.test(await tell("neighbor", "fe80::1%eth0")),
      prefixes: async () => Object.keys(await received()).toSorted(),
      paths: async (prefix) => ((await received())[prefix] ?? []).map(readPath),
    };
  },
};

function readPath({ attrs }: GoPath): Path {
  const asPath = attrs.find(({ type }) => type === 2)?.as_paths ?? [];
  const communities = attrs.find(({ type }) => type === 32)?.value ?? [];
  return {
    asPath: asPath.flatMap(({ asns }) => asns).join(" "),
    largeCommunities: communities
      .map(({ ASN, LocalData1, LocalData2 }) => `${ASN}:${LocalData1}:${LocalData2}`)
      .toSorted(),
  };
}

interface GoPath {
  readonly attrs: readonly GoAttribute[];
}

interface GoAttribute {
  readonly type: number;
  readonly as_paths?: readonly { readonly asns: readonly number[] }[];
  readonly value?: readonly {
    readonly ASN: number;
    readonly LocalData1: number;
    readonly LocalData2: number;
  }[];
}

function configuration(): string {
  const feeders = [3, 4].map((number, index) => session(`eth${index + 1}`, feederAsn(number), true));
  return `[global.config]
  as = ${asns.theirs}
  router-id = "10.0.0.2"
${[session("eth0", asns.ours, false), ...feeders].join("\n")}
`;
}

function session(ifname: string, asn: number, passive: boolean): string {
  return `[[neighbors]]
  [neighbors.config]
    neighbor-interface = "${ifname}"
    peer-as = ${asn}
  [neighbors.transport.config]
    passive-mode = ${passive}
  [neighbors.timers.config]
    connect-retry = 1
    idle-hold-time-after-reset = 1
    hold-time = ${passive ? 600 : 9}
  [neighbors.graceful-restart.config]
    enabled = ${!passive}
    restart-time = 30
  [[neighbors.afi-safis]]
    [neighbors.afi-safis.config]
      afi-safi-name = "ipv4-unicast"
    [neighbors.afi-safis.mp-graceful-restart.config]
      enabled = ${!passive}
    [neighbors.afi-safis.add-paths.config]
      receive = true
      send-max = 8`;
}
