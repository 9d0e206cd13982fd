import t from "tap";
import { fe80, file, nothing, traces } from "./command.ts";

// What programs that are not ours do with routes. The daemons are not optional: `make daemons` installs them.

const converged = (lab: string) =>
  new RegExp(`^${lab} converged in \\d+ ms: (\\d+) of \\1 sessions Established, (\\d+) of \\2 routes`, "m");

t.test("routes are reflected, taken back into their own AS, and go several ways", async (t) => {
  const lab = "e2e-routes";
  const before = traces(lab);
  const path = file(
    t,
    `name: ${lab}
expect: { within: 60s }
defaults: { multipath: { maximum-paths: 4, as-path-relax: true } }
kinds:
  bird: { multipath: ~ }
  gobgp: { multipath: ~, install: false }
  openbgpd: { multipath: ~, families: [ipv6-unicast] }
  exabgp: { multipath: ~ }
groups:
  reflectors: { routers: ["reflect-*", "in-*"], asn: 65000 }
  again: { routers: ["own-*"], asn: 65001, allow-own-as: 1, graceful-shutdown: true }
routers:
  reflect-bird: { kind: bird, route-reflector-client: true, cluster-id: 192.0.2.1, prefix-limit: 2 }
  reflect-frr: { kind: frr, route-reflector-client: true, cluster-id: 192.0.2.2 }
  reflect-gobgp: { kind: gobgp, route-reflector-client: true, cluster-id: 192.0.2.3, prefix-limit: 2 }
  reflect-openbgpd: { kind: openbgpd, route-reflector-client: true, prefix-limit: 2 }
  "in-[1-8]": { originate: ["10.0.{n}.0/24", "2001:db8:{n}::/48"] }
  transit: { asn: 65002 }
  own-bird: { kind: bird, originate: [10.1.1.0/24] }
  own-frr: { kind: frr, originate: [10.1.2.0/24] }
  own-gobgp: { kind: gobgp, originate: [10.1.3.0/24] }
  own-exabgp: { kind: exabgp, originate: [10.1.4.0/24] }
  many: { kind: frr, add-path: both, graceful-restart: full }
  left: { kind: frr, graceful-restart: "off" }
  right: { add-path: both }
  end: { originate: [10.2.0.0/24, "2001:db8:2000::/48"], add-path: both, graceful-restart: full }
links:
  - in-1 -- reflect-bird -- in-2
  - in-3 -- reflect-frr -- in-4
  - in-5 -- reflect-gobgp -- in-6
  - in-7 -- reflect-openbgpd -- in-8
  - transit -- own-*
  - many -- left -- end
  - many -- right -- end
  - { link: right -- end, count: 2 }
`,
  );
  const { exit, stdout, stderr } = await fe80("test", path);
  t.equal(exit, 0, stderr);
  t.match(stdout, converged(lab));
  t.match(stdout, /^many +10\.2\.0\.0\/24 +eth0, eth1 /m);
  t.strictSame(traces(lab), nothing(before));
});

t.test("what programs make of communities by themselves is expected of them", async (t) => {
  const lab = "e2e-communities";
  const kinds = ["frr", "gobgp", "openbgpd", "bird"];
  const links = kinds.map(
    (kind, index) => `  - { link: origin -- ${kind}, sessions: { origin: { graceful-shutdown: true } } }
  - around -- ${kind}
  - dropped -- ${kind}
  - ${kind} -- behind-${index + 1}
`,
  );
  const path = file(
    t,
    `name: ${lab}
expect: { within: 60s }
kinds: { openbgpd: { families: [ipv6-unicast] } }
routers:
  origin: { originate: ["2001:db8:1::/48"] }
  around:
  dropped: { originate: ["2001:db8:2::/48"], communities: [blackhole] }
${kinds.map((kind) => `  ${kind}: { kind: ${kind} }\n`).join("")}  "behind-[1-4]":
links:
  - origin -- around
${links.join("")}`,
  );
  const { exit, stdout, stderr } = await fe80("test", path);
  t.equal(exit, 0, stderr);
  t.match(stdout, converged(lab));
  t.match(stdout, /^frr +2001:db8:1::\/48 +eth1 /m, "FRR goes around what is about to end");
  t.notMatch(stdout, /^behind-1 +2001:db8:2::/m, "FRR keeps what is to be dropped in its AS");
  for (const index of [2, 3, 4]) t.match(stdout, new RegExp(`^behind-${index} +2001:db8:2::`, "m"));
});

t.test("all programs can be told of prefixes without a reset, and of settings", async (t) => {
  const lab = "e2e-retold";
  const kinds = ["bird", "frr", "gobgp", "exabgp", "openbgpd"];
  const each = (text: (kind: string, number: number) => string) => kinds.map(text).join(", ");
  const path = file(
    t,
    `name: ${lab}
expect: { within: 60s }
routers:
  keeper:
  ${kinds.map((kind) => `${kind}: { kind: ${kind}, families: [ipv6-unicast] }`).join("\n  ")}
links: [keeper -- bird, keeper -- frr, keeper -- gobgp, keeper -- exabgp, keeper -- openbgpd]
steps:
  - do: [${each((kind, number) => `{ announce: { router: ${kind}, prefixes: "2001:db8:${number}::/48" } }`)}]
    expect: { sessions: [${each((_, number) => `{ session: "keeper:eth${number}", flaps: 0 }`)}] }
  - do: { configure: { ${each((kind, number) => `${kind}: { med: ${50 + number} }`)} } }
    expect:
      sessions: [${[0, 3, 4].map((number) => `{ session: "keeper:eth${number}", flaps: 0 }`).join(", ")}]
      routes: [${each((_, number) => `{ router: keeper, prefix: "2001:db8:${number}::/48", med: ${50 + number} }`)}]
  - do: [${each((kind, number) => `{ withdraw: { router: ${kind}, prefixes: "2001:db8:${number}::/48" } }`)}]
`,
  );
  const { exit, stdout, stderr } = await fe80("test", path);
  t.equal(exit, 0, `${stdout}${stderr}`);
});
