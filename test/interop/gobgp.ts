import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ask, askJson, type Make, startProgram } from "./daemon.ts";
import { asns, until } from "./lab.ts";

/** GoBGP. It takes our address from the neighbor table, and sends no Router Advertisements, so that it must dial. */
export const gobgp: Make = {
  name: "GoBGP",
  async start(t, lab) {
    const [conf, socket] = [join(lab.directory, "gobgp.toml"), join(lab.directory, "gobgp.sock")];
    writeFileSync(conf, configuration);
    await ask("ip", "netns", "exec", basename(lab.theirs), "ping", "-6", "-c1", "-W5", "fe80::1%eth0");
    const target = `unix://${socket}`;
    startProgram(t, lab, ["gobgpd", "-f", conf, "--api-hosts", target]);
    const tell = (...args: string[]) => ask("gobgp", "--target", target, ...args);
    await until("GoBGP answers", async () => (await tell("global")) !== "");
    const received = ["--target", target, "neighbor", "fe80::1%eth0", "adj-in", "-a", "ipv4", "-j"];
    return {
      isUp: async () => /BGP state = ESTABLISHED/i.test(await tell("neighbor", "fe80::1%eth0")),
      prefixes: async () => Object.keys((await askJson<object>("gobgp", ...received)) ?? {}).toSorted(),
    };
  },
};

const configuration = `[global.config]
  as = ${asns.theirs}
  router-id = "10.0.0.2"
[[neighbors]]
  [neighbors.config]
    neighbor-interface = "eth0"
    peer-as = ${asns.ours}
  [neighbors.timers.config]
    connect-retry = 1
    idle-hold-time-after-reset = 1
    hold-time = 9
  [[neighbors.afi-safis]]
    [neighbors.afi-safis.config]
      afi-safi-name = "ipv4-unicast"
`;
