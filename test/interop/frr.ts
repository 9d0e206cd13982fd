import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { askJson, type Make, startProgram } from "./daemon.ts";
import { asns, labName, until } from "./lab.ts";

/** FRR's bgpd and zebra. The session with ours is an interface peer. */
export const frr: Make = {
  name: "FRR",
  async start(t, lab) {
    const [name, conf] = [labName(lab), join(lab.directory, "frr.conf")];
    const run = `/var/run/frr/${name}`;
    writeFileSync(conf, configuration);
    execFileSync("chmod", ["755", lab.directory]);
    mkdirSync(run, { recursive: true });
    chownSync(run, id("-u"), id("-g"));
    t.teardown(() => rmSync(run, { recursive: true, force: true }));
    startProgram(t, lab, ["/usr/lib/frr/zebra", "-N", name, "-f", conf]);
    await until("zebra listens", async () => existsSync(`${run}/zserv.api`));
    startProgram(t, lab, ["/usr/lib/frr/bgpd", "-N", name, "-f", conf]);
    const show = <T>(command: string) =>
      askJson<T>("vtysh", "-N", name, "-d", "bgpd", "-c", `show ${command} json`);
    return {
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
    };
  },
};

interface Summary {
  readonly peers: Readonly<Record<string, { readonly state: string }>>;
}

interface Table {
  readonly routes: Readonly<Record<string, readonly { readonly peerId: string }[]>>;
}

function id(option: "-u" | "-g"): number {
  return Number(execFileSync("id", [option, "frr"], { encoding: "utf8" }));
}

const configuration = `router bgp ${asns.theirs}
 bgp router-id 10.0.0.2
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor eth0 interface remote-as ${asns.ours}
 neighbor eth0 timers connect 1
`;
