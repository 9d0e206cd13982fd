import { readFileSync } from "node:fs";
import { basename } from "node:path";
import t from "tap";
import { fe80, file, nothing, traces, until } from "./command.ts";

// Beside `topologies.test.ts`, where each kind has our speaker for a peer. The daemons are not optional: `make daemons`
// installs them.

const converged = (lab: string) =>
  new RegExp(`^${lab} converged in \\d+ ms: (\\d+) of \\1 sessions Established, (\\d+) of \\2 routes`, "m");

t.test("every kind is a peer of every other, where one of them dials, without ours", async (t) => {
  const lab = "e2e-kinds";
  const before = traces(lab);
  const path = file(
    t,
    `name: ${lab}
expect: { within: 60s }
kinds: { openbgpd: { families: [ipv6-unicast] } }
routers:
  bird: { kind: bird, originate: [10.0.1.0/24, "2001:db8:1::/48"] }
  frr1: { kind: frr, originate: [10.0.2.0/24, "2001:db8:2::/48"] }
  frr2: { kind: frr, originate: [10.0.3.0/24, "2001:db8:3::/48"] }
  gobgp1: { kind: gobgp, originate: [10.0.4.0/24, "2001:db8:4::/48"] }
  gobgp2: { kind: gobgp, originate: [10.0.5.0/24, "2001:db8:5::/48"] }
  openbgpd1: { kind: openbgpd, originate: ["2001:db8:6::/48"] }
  openbgpd2: { kind: openbgpd, originate: ["2001:db8:7::/48"] }
  exabgp1: { kind: exabgp, originate: [10.0.8.0/24, "2001:db8:8::/48"] }
  exabgp2: { kind: exabgp, originate: ["2001:db8:9::/48"] }
  exabgp3: { kind: exabgp, originate: ["2001:db8:10::/48"] }
links:
  - frr1 -- frr2
  - frr1 -- bird
  - frr1 -- gobgp1
  - frr1 -- openbgpd1
  - frr1 -- exabgp1
  - gobgp1 -- gobgp2
  - gobgp1 -- bird
  - gobgp1 -- openbgpd1
  - gobgp1 -- exabgp2
  - openbgpd1 -- openbgpd2
  - openbgpd1 -- bird
  - openbgpd1 -- exabgp3
`,
  );
  const { exit, stdout, stderr } = await fe80("test", path);
  t.equal(exit, 0, stderr);
  t.match(stdout, converged(lab));
  t.strictSame(traces(lab), nothing(before));
});

t.test("every kind does what its sessions are told: keys, GTSM, roles, filters, the same AS", async (t) => {
  const lab = "e2e-told";
  const before = traces(lab);
  const told = 'med: 5, communities: ["65000:1", no-export], local-pref: 300';
  const filters = (own: string) =>
    `import-prefixes: [10.0.1.0/24, "2001:db8:1::/48"], export-prefixes: [${own}]`;
  const path = file(
    t,
    `name: ${lab}
kinds: { openbgpd: { families: [ipv6-unicast] } }
groups:
  inside: { routers: [middle, "in-*"], asn: 65000 }
routers:
  middle: { originate: [10.0.1.0/24, 10.1.1.0/24, "2001:db8:1::/48", "2001:db8:11::/48"] }
  frr: { kind: frr, originate: [10.0.2.0/24, 10.1.2.0/24, "2001:db8:2::/48"], ${filters("10.0.2.0/24")}, ${told}, md5: key, gtsm: true, role: customer, strict-role: true }
  gobgp: { kind: gobgp, originate: [10.0.3.0/24, 10.1.3.0/24, "2001:db8:3::/48"], ${filters('10.0.3.0/24, "2001:db8:3::/48"')}, ${told}, gtsm: true }
  openbgpd: { kind: openbgpd, originate: ["2001:db8:4::/48", "2001:db8:14::/48"], ${filters('"2001:db8:4::/48"')}, ${told}, md5: key, gtsm: true, role: rs-client, strict-role: true }
  exabgp: { kind: exabgp, originate: [10.0.5.0/24, 10.1.5.0/24], export-prefixes: [10.0.5.0/24], ${told}, md5: key }
  in-frr: { kind: frr, originate: [10.0.6.0/24], ${told}, gtsm: true }
  in-gobgp: { kind: gobgp, originate: [10.0.7.0/24], ${told} }
  in-openbgpd: { kind: openbgpd, originate: ["2001:db8:8::/48"], ${told}, timers: { hold: 30 } }
  in-exabgp: { kind: exabgp, originate: [10.0.9.0/24], ${told}, timers: { hold: 0 } }
links:
  - { link: middle -- frr, sessions: { middle: { md5: key, gtsm: true, role: provider } } }
  - { link: middle -- gobgp, sessions: { middle: { gtsm: true, passive: true } } }
  - { link: middle -- openbgpd, sessions: { middle: { md5: key, gtsm: true, role: rs-server } } }
  - { link: middle -- exabgp, sessions: { middle: { md5: key } } }
  - { link: middle -- in-frr, sessions: { middle: { gtsm: true } } }
  - middle -- in-gobgp
  - middle -- in-openbgpd
  - { link: middle -- in-exabgp, sessions: { middle: { timers: { hold: 0 } } } }
`,
  );
  const { exit, stdout, stderr } = await fe80("test", path);
  t.equal(exit, 0, stderr);
  t.match(stdout, converged(lab));
  t.strictSame(traces(lab), nothing(before));
});

t.test("what a router tells has its MED and its communities, and config is in force", async (t) => {
  const lab = "e2e-words";
  t.teardown(() => fe80("down", lab, "-q"));
  const kinds = ["frr", "gobgp", "openbgpd"];
  const body = (kind: string, index: number) =>
    `{ kind: ${kind}, originate: ["2001:db8:${index + 1}::/48"], med: 7, communities: ["65000:1", no-export] }`;
  const path = file(
    t,
    `name: ${lab}
defaults: { families: [ipv6-unicast] }
routers:
  bird: { kind: bird, config: "protocol static extra { ipv6 { import none; }; }" }
${kinds.map((kind, index) => `  ${kind}: ${body(kind, index)}\n`).join("")}
links: [bird -- frr, bird -- gobgp, bird -- openbgpd]
`,
  );
  const up = await fe80("up", path, "-q");
  t.equal(up.exit, 0, up.stderr);
  const ask = ["birdc", "-s", `/run/fe80/${lab}/bird-bird.sock`, "show"];
  const routes = (await fe80("exec", lab, "bird", "--", ...ask, "route", "all")).stdout.split(/\n(?=\S)/);
  for (const [index, kind] of kinds.entries()) {
    const route = routes.find((text) => text.startsWith(`2001:db8:${index + 1}::/48`)) ?? "";
    t.match(route, /BGP\.med: 7\n/, kind);
    t.match(route, /BGP\.community: \(65000,1\) \(65535,65281\)/, kind);
  }
  t.match((await fe80("exec", lab, "bird", "--", ...ask, "protocols")).stdout, /^extra +Static/m);
});

t.test("a part that dies is told of, be it one that no session needs", async (t) => {
  const lab = "e2e-parts";
  t.teardown(() => fe80("down", lab, "-q"));
  const path = file(
    t,
    `name: ${lab}\nrouters: { r1: , frr: { kind: frr }, exabgp: { kind: exabgp } }\nlinks: [r1 -- frr, r1 -- exabgp]\n`,
  );
  const up = await fe80("up", path, "-q");
  t.equal(up.exit, 0, up.stderr);
  for (const [router, program] of [
    ["frr", "zebra"],
    ["exabgp", "exabgp"],
  ] as const) {
    for (const pid of processesOf(lab, program)) process.kill(pid, "SIGKILL");
    await until(async () => (await fe80("inspect", lab)).stdout.includes(`${router} does not answer: `));
  }
  t.equal((await fe80("down", lab)).exit, 0);
});

function processesOf(lab: string, program: string): number[] {
  return traces(lab)
    .processes.map(Number)
    .filter((pid) =>
      readFileSync(`/proc/${pid}/cmdline`, "utf8")
        .split("\0")
        .some((word) => basename(word) === program),
    );
}
