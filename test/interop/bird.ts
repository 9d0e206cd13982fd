import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask, type Make, startProgram } from "./daemon.ts";
import { asns } from "./lab.ts";

/** BIRD 2. It has to be told our address, and dials. */
export const bird: Make = {
  name: "BIRD",
  async start(t, lab) {
    const [conf, socket] = [join(lab.directory, "bird.conf"), join(lab.directory, "bird.ctl")];
    writeFileSync(conf, configuration);
    startProgram(t, lab, ["bird", "-f", "-c", conf, "-s", socket]);
    const show = (...words: string[]) => ask("birdc", "-s", socket, "show", ...words);
    return {
      isUp: async () => /^ours .* Established/m.test(await show("protocols", "ours")),
      async prefixes() {
        const text = await show("route", "protocol", "ours");
        return [...text.matchAll(/^(\S+\/\d+) /gm)].map(([, prefix = ""]) => prefix).toSorted();
      },
    };
  },
};

const configuration = `router id 10.0.0.2;
protocol device { }
protocol radv { interface "eth0" { max ra interval 10; default lifetime 0; }; }
protocol bgp ours {
  local as ${asns.theirs};
  neighbor fe80::1%'eth0' as ${asns.ours};
  connect delay time 1; connect retry time 1; error wait time 1, 1;
  ipv4 { import all; export all; extended next hop yes; };
}
`;
