import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask, type Make, type Path, startProgram } from "./daemon.ts";
import { asns, feederAsn } from "./lab.ts";

/** BIRD 2. It has to be told our address, and dials. */
export const bird: Make = {
  name: "BIRD",
  async start(t, lab, { originate, again }) {
    const [conf, socket] = [join(lab.directory, "bird.conf"), join(lab.directory, "bird.ctl")];
    writeFileSync(conf, configuration(originate));
    const recover = again ? ["-R"] : [];
    const { kill } = startProgram(t, lab, ["bird", "-f", "-c", conf, "-s", socket, ...recover]);
    const show = (...words: string[]) => ask("birdc", "-s", socket, "show", ...words);
    return {
      kill,
      isUp: async () => /^ours .* Established/m.test(await show("protocols", "ours")),
      async prefixes() {
        const text = await show("route", "protocol", "ours");
        return [...text.matchAll(/^(\S+\/\d+) /gm)].map(([, prefix = ""]) => prefix).toSorted();
      },
      paths: async (prefix) => readPaths(await show("route", "for", prefix, "protocol", "ours", "all")),
    };
  },
};

function readPaths(text: string): Path[] {
  const blocks = text.split(/^(?=\S* +unicast )/m).filter((block) => /^\S* +unicast /.test(block));
  return blocks.map((block) => {
    const [, asPath = ""] = /BGP\.as_path: (.*)$/m.exec(block) ?? [];
    const [, large = ""] = /BGP\.large_community: (.*)$/m.exec(block) ?? [];
    const communities = [...large.matchAll(/\((\d+), (\d+), (\d+)\)/g)].map(([, ...parts]) =>
      parts.join(":"),
    );
    return { asPath: asPath.trim(), largeCommunities: communities.toSorted() };
  });
}

function configuration(originate: readonly string[]): string {
  const routes = originate.map(
    (prefix) => `  route ${prefix} blackhole { bgp_large_community.add((${asns.theirs}, 1, 2)); };`,
  );
  const feeders = [3, 4].map(
    (number, index) => `protocol bgp feeder${number} {
  local as ${asns.theirs};
  neighbor fe80::1${number}%'eth${index + 1}' as ${feederAsn(number)};
  passive yes;
  graceful restart off;
  ipv4 { import all; export all; extended next hop yes; };
}`,
  );
  return `router id 10.0.0.2;
protocol device { }
protocol radv { interface "eth0" { max ra interval 10; default lifetime 0; }; }
protocol static own {
  ipv4;
${routes.join("\n")}
}
protocol bgp ours {
  local as ${asns.theirs};
  neighbor fe80::1%'eth0' as ${asns.ours};
  connect delay time 1; connect retry time 1; error wait time 1, 1;
  graceful restart on;
  ipv4 { import all; export all; extended next hop yes; add paths on; };
}
${feeders.join("\n")}
`;
}
