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

t.test("policies are part of a plan, and so are the ways of a multipath", async (t) => {
  const several = `
name: lab
defaults: { multipath: { maximum-paths: 2 } }
policies: { p: [{ match: { prefix: [10.0.0.0/8] }, set: { med: 5 } }, accept] }
routers: { r1: { originate: [10.0.0.0/8] }, r2: { asn: 65000 }, r3: { asn: 65000 }, r4: }
links: [r1 -- r2 -- r4, "r1 -- r3 -- r4:up", { link: r1 -- r4, sessions: { r4: { import: p, export: [reject] } }, expect: down }]`;
  const lines = planTables({ ...planOf(several), processes: [] }, {}).join("\n");
  t.match(lines, /^r1 .* multipath \{maximumPaths:2,asPathRelax:false\}$/m);
  t.match(lines, /^r4:eth1 +r1:eth2 .* importPolicy p, exportPolicy eth1 export$/m);
  t.match(lines, /^r4 +p +1 +prefix 10\.0\.0\.0\/8 +med 5 +accept\nr4 +p +2 +- +- +accept$/m);
  t.match(lines, /^r4 +10\.0\.0\.0\/8 +eth0, up$/m);
});
