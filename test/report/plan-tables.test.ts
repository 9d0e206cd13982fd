import t from "tap";
import { planTables } from "../../src/report/plan-tables.ts";
import { planOf } from "../support/lab-status.ts";

const text = `
name: lab
routers: { r1: , r2: , h1: { kind: host, addresses: [10.1.0.10/24] } }
links:
  - h1 -- r1
  - { link: r1 -- r2, rate: 10mbit, delay: 20ms, jitter: 1ms, loss: 0.5% }
`;

t.test("hosts and the conditions of links are part of a plan", async (t) => {
  const lines = planTables({ ...planOf(text), processes: [] }, {}).join("\n");
  t.match(lines, /^HOST +NETNS +GATEWAY +IFNAME\nh1 +fe80\.lab\.h1 +fe80::1 +eth0$/m);
  t.match(lines, /^h1:eth0 .* fe80::3 10\.1\.0\.10\/24 .* r1:eth0 +-$/m);
  t.match(lines, /^r1:eth1 .* r2:eth0 +10000000 bit\/s, 20000 µs late, ±1000 µs, 0\.5% lost$/m);
  t.match(lines, /^lab: 2 routers, 1 host, 2 links, 0 daemons; /m);
});
