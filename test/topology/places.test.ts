import t from "tap";
import { topologyOf } from "./parsing.ts";

t.test("each router, host and end of a link has the place at which the file has it", async (t) => {
  const { places } = topologyOf(`name: x
routers:
  "r[1-2]":
  h1: { kind: host, addresses: [10.0.0.2/24] }
links:
  - r1 -- r2
  - { link: r1:eth7 -- h1 }
  - r* -- r*`);
  const at = Array.from(places, ([name, { line, column }]) => `${name} ${line}:${column}`);
  t.strictSame(at, [
    "r1 3:3",
    "r2 3:3",
    "h1 4:3",
    "r1:eth0 6:5",
    "r2:eth0 6:11",
    "r1:eth7 7:13",
    "h1:eth0 7:24",
    "r1:eth1 8:5",
    "r2:eth1 8:11",
  ]);
});
