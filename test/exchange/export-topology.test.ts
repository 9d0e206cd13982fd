import { readdirSync, readFileSync } from "node:fs";
import t from "tap";
import { exportFormats, exportTopology } from "../../src/exchange/export-topology.ts";
import type { Topology, WireEnd } from "../../src/topology/topology.ts";
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
  - { link: h1 -- r1, mac: ["06:00:00:00:00:01", ~] }
`;

const endings = { containerlab: "clab.yml", mermaid: "mmd", dot: "dot", json: "json" };

for (const format of exportFormats) {
  t.test(`a topology for ${format}, without its secrets`, async (t) => {
    const exported = exportTopology(topologyOf(text), format);
    matchesGolden(t, `exchange/lab.${endings[format]}`, exported);
    t.notMatch(exported, /swordfish/);
  });
}

const shipped = readdirSync("topologies").filter((name) => name.endsWith(".yaml"));
const topologies = new Map([
  [
    "a topology with a host and a number for a name",
    text.replace("  end: {", '  "7": {').replaceAll("end", "7"),
  ],
  ...shipped.map((file) => [file, readFileSync(`topologies/${file}`, "utf8")] as const),
]);

for (const [name, text] of topologies) {
  t.test(`${name} comes back from containerlab with its nodes and links`, async (t) => {
    const topology = topologyOf(text);
    const again = topologyOf(imported(exportTopology(topology, "containerlab")).text);
    const endText = ({ router, ifname, mac }: WireEnd) => `${router}:${ifname} ${mac}`;
    const shape = ({ name, routers, hosts, links }: Topology) => ({
      name,
      routers: routers.map(({ name, kind }) => [name, kind]),
      hosts: hosts.map(({ name, addresses, wire }) => [name, addresses, wire.mtu, ...wire.ends.map(endText)]),
      links: links.map(({ ends, mtu }) => [mtu, ...ends.map(endText)]),
    });
    t.strictSame(shape(again), shape(topology));
  });
}
