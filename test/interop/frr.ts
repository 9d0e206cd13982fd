import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { askJson, type Make, startProgram } from "./daemon.ts";
import { asns, feederAsn, labName, until } from "./lab.ts";

/** FRR's bgpd and zebra. The session with ours is an interface peer; a crash of bgpd leaves zebra, which forwards on. */
export const frr: Make = {
  name: "FRR",
  async start(t, lab, { originate, again }) {
    const [name, conf] = [labName(lab), join(lab.directory, "frr.conf")];
    const run = `/var/run/frr/${name}`;
    writeFileSync(conf, configuration(originate));
    execFileSync("chmod", ["755", lab.directory]);
    if (!again) {
      mkdirSync(run, { recursive: true });
      chownSync(run, id("-u"), id("-g"));
      t.teardown(() => rmSync(run, { recursive: true, force: true }));
      startProgram(t, lab, ["/usr/lib/frr/zebra", "-N", name, "-f", conf]);
      await until("zebra listens", async () => existsSync(`${run}/zserv.api`));
    }
    const { kill } = startProgram(t, lab, ["/usr/lib/frr/bgpd", "-N", name, "-f", conf]);
    const show = <T>(command: string) =>
      askJson<T>("vtysh", "-N", name, "-d", "bgpd", "-c", `show ${command} json`);
    return {
      kill,
      async isUp() {
        const summary = await show<Summary>("bgp ipv4 unicast summary");
        return summary?.peers["eth0"]?.state === "Established";
      },
      async prefixes() {
        const table = await show<Table>("bgp ipv4 unicast");
        const fromOurs = (paths: Table["routes"][string]) => paths.some(({ peerId }) => peerId === "fe80::1");
        return Object.entries(table?.routes ?? {}).flatMap(([prefix, paths]) =>
          fromOurs(paths) ? [prefix] : [],
        );
      },
      async paths(prefix) {
        const entry = await show<Entry>(`bgp ipv4 unicast ${prefix}`);
        const own = (entry?.paths ?? []).filter(({ peer }) => peer.interface === "eth0");
        return own.map(({ aspath, largeCommunity }) => ({
          asPath: aspath.string,
          largeCommunities: (largeCommunity?.list ?? []).toSorted(),
        }));
      },
    };
  },
};

interface Summary {
  readonly peers: Readonly<Record<string, { readonly state: string }>>;
}

interface Table {
  readonly routes: Readonly<Record<string, readonly { readonly peerId: string }[]>>;
}

interface Entry {
  readonly paths: readonly {
    readonly aspath: { readonly string: string };
    readonly largeCommunity?: { readonly list: readonly string[] };
    readonly peer: { readonly interface?: string };
  }[];
}

function id(option: "-u" | "-g"): number {
  return Number(execFileSync("id", [option, "frr"], { encoding: "utf8" }));
}

function configuration(originate: readonly string[]): string {
  const feeders = [3, 4].flatMap((number, index) => [
    ` neighbor fe80::1${number} remote-as ${feederAsn(number)}`,
    ` neighbor fe80::1${number} interface eth${index + 1}`,
    ` neighbor fe80::1${number} capability extended-nexthop`,
    ` neighbor fe80::1${number} passive`,
  ]);
  return `router bgp ${asns.theirs}
 bgp router-id 10.0.0.2
 no bgp ebgp-requires-policy
 no bgp network import-check
 bgp graceful-restart
 bgp graceful-restart preserve-fw-state
 neighbor eth0 interface remote-as ${asns.ours}
 neighbor eth0 timers connect 1
${feeders.join("\n")}
 address-family ipv4 unicast
  neighbor eth0 addpath-tx-all-paths
${originate.map((prefix) => `  network ${prefix} route-map own`).join("\n")}
 exit-address-family
route-map own permit 10
 set large-community ${asns.theirs}:1:2
`;
}
