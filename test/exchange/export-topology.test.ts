import { readdirSync, readFileSync } from "node:fs";
import t from "tap";
import { exportFormats, exportTopology } from "../../src/exchange/export-topology.ts";
import { matchesGolden } from "../support/golden.ts";
import { topologyOf } from "../topology/parsing.ts";
import { imported } from "./clab.ts";

const text = `
name: lab
defaults: { md5: swordfish }
routers:
  r1: { originate: [10.0.1.0/24, "2001:db8:1::/48"] }
  end: { kind: bird }
  h1: { kind: host, addresses: [10.1.0.10/24] }
links:
  - r1 -- end
  - { link: "r1:up -- end:down", mtu: 1500 }
  - h1 -- r1
`;

const endings = { containerlab: "clab.yml", mermaid: "mmd", dot: "dot", json: "json" };

for (const format of exportFormats) {
  t.test(`a topology for ${format}, without its secrets`, async (t) => {
    const exported = exportTopology(topologyOf(text), format);
    matchesGolden(t, `exchange/lab.${endings[format]}`, exported);
    t.notMatch(exported, /swordfish/);
  });
}

for (const file of readdirSync("topologies").filter((name) => name.endsWith(".yaml"))) {
  t.test(`${file} comes back from containerlab with its nodes and links`, async (t) => {
    const topology = topologyOf(readFileSync(`topologies/${file}`, "utf8"));
    const again = topologyOf(imported(exportTopology(topology, "containerlab")).text);
    const shape = ({ name, routers, hosts, links }: typeof topology) => ({
      name,
      routers: routers.map(({ name, kind }) => [name, kind]),
      hosts: hosts.map(({ name }) => name),
      links: links.map(({ ends, mtu }) => [mtu, ...ends.map(({ router, ifname }) => `${router}:${ifname}`)]),
    });
    t.strictSame(shape(again), shape(topology));
  });
}
