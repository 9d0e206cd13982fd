import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import t from "tap";
import { fe80, file, nothing, traces } from "./command.ts";

const lab = "e2e-again";

interface Session {
  readonly router: string;
  readonly session: string;
  readonly connectionId: string;
  readonly establishedCount: number;
}

function text(routers: readonly string[], links: readonly string[]): string {
  return [
    `name: ${lab}`,
    "routers:",
    ...routers.map((line) => `  ${line}`),
    "links:",
    ...links.map((line) => `  - ${line}`),
  ].join("\n");
}

const routers = [
  "r1: { originate: [10.0.1.0/24] }",
  "r2: {}",
  "r3: { originate: [10.0.3.0/24] }",
  "h1: { kind: host, addresses: [10.7.0.2/24] }",
];
const links = ["r1 -- r2", "r2 -- r3", "r3 -- r1", "h1 -- r2:hosts"];
const ring = text(routers, links);
const more = text(
  [
    ...routers.map((line) => line.replace("10.0.1.0/24", "10.0.9.0/24")),
    "r4: { kind: host, addresses: [10.8.0.2/24] }",
    "r5: {}",
  ],
  [
    "r1 -- r2",
    "{ link: r2 -- r3, mtu: 1400 }",
    ...links.slice(2),
    "r5 -- r1",
    "r4 -- r5:hosts",
    "[r2:lan, r3:lan, r5:lan]",
  ],
);

async function sessions(): Promise<Session[]> {
  const { stdout } = await fe80("inspect", lab, "-f", "json");
  return JSON.parse(stdout).sessions.map(({ router, session, connectionId, establishedCount }: Session) => ({
    router,
    session,
    connectionId,
    establishedCount,
  }));
}

/** The kernel's word, as somebody at a router would ask for it. */
const ip = (router: string, ...args: string[]) =>
  execFileSync("ip", ["-n", `fe80.${lab}.${router}`, ...args], { encoding: "utf8" });

t.test("up on a running lab does what is different, and no other session notices", async (t) => {
  t.teardown(() => fe80("down", lab, "--quiet"));
  const before = traces(lab);
  const path = file(t, ring);
  t.equal((await fe80("up", path, "-q")).exit, 0);
  const first = await sessions();
  const same = await fe80("up", path);
  t.equal(same.exit, 0);
  t.match(same.stderr, /^e2e-again: nothing to change$/m);
  t.strictSame(await sessions(), first);

  writeFileSync(path, more);
  const dry = await fe80("up", "--dry-run", path);
  const told = dry.stdout.trimEnd().split("\n");
  t.match(told, [
    "add router r5",
    "add host r4",
    "add link r1:eth2 -- r5:eth0",
    "add link r4:eth0 -- r5:hosts",
    "add shared link lan1 of r2:lan, r3:lan, r5:lan",
    "change link r2:eth1 -- r3:eth0: mtu 1400",
    "change loopback addresses of r1: 10.0.9.1",
    /^change router r1: withdraw 10\.0\.1\.0\/24; announce 10\.0\.9\.0\/24; add session eth2$/,
    /^change router r2: add session lan\//,
    /^change router r3: add session lan\//,
    "configure r5 in speaker-1",
    "e2e-again: 1 router and 1 host and 3 links added, 3 routers and 1 link changed",
  ]);
  const grown = await fe80("up", path);
  t.equal(grown.exit, 0, grown.stdout + grown.stderr);
  t.match(grown.stderr, `${told.at(-1)}\n`);
  t.match(grown.stdout, /^e2e-again converged in \d+ ms: 14 of 14 sessions Established/m);
  const second = await sessions();
  t.strictSame(
    second.filter(({ router, session }) =>
      first.some((own) => own.router === router && own.session === session),
    ),
    first,
    "untouched sessions have the same connections, whatever happens to the link below",
  );
  t.match(ip("r3", "link", "show", "eth0"), /mtu 1400/);
  t.match(ip("r3", "route"), /10\.0\.9\.0\/24 .*proto 80/);
  t.notMatch(ip("r3", "route"), /10\.0\.1\.0\/24/);
  t.equal((await fe80("exec", lab, "r4", "ping", "-c1", "-W2", "10.7.0.2")).exit, 0, "host to host");

  ip("r5", "link", "del", "eth0");
  const mended = await fe80("up", path);
  t.equal(mended.exit, 0, mended.stdout + mended.stderr);
  t.match(mended.stderr, /^e2e-again: 1 link added$/m);

  writeFileSync(path, ring);
  t.equal((await fe80("up", path, "-q")).exit, 0);
  t.strictSame(await sessions(), first);
  t.notMatch(ip("r1", "link"), /eth2/);
  t.equal((await fe80("down", lab)).exit, 0);
  t.strictSame(traces(lab), nothing(before));
});

t.test("isolated routers get processes of their own when they come", async (t) => {
  const name = "e2e-isolated-again";
  t.teardown(() => fe80("down", name, "--quiet"));
  const chain = (count: number) =>
    `name: ${name}\nrouters: { "r[1-${count}]": {} }\nlinks: [${Array.from({ length: count - 1 }, (_, index) => `r${index + 1} -- r${index + 2}`)}]`;
  const path = file(t, chain(2));
  t.equal((await fe80("up", "--isolate", path, "-q")).exit, 0);
  writeFileSync(path, chain(3));
  const grown = await fe80("up", path);
  t.equal(grown.exit, 0, grown.stdout + grown.stderr);
  t.equal((await fe80("stop", name, "r3")).stdout, "r3 has stopped\n");
  const again = await fe80("up", path);
  t.match(again.stderr, /1 process started or ended/);
  t.equal(again.exit, 0);
});
