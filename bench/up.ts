import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * How long `fe80 up` takes from the start of the process to converged, where that time goes, and beside it in the same
 * run: the floor (Node starting twice, as the command and the speaker must) and BIRD in plain namespaces.
 *
 *     node bench/up.ts [RUNS]      as root; 10 runs unless given
 */

const runs = Number(process.argv[2] ?? 10);

/** Milliseconds since 1970, with fractions. */
const now = () => performance.timeOrigin + performance.now();

/** Moments of one bring-up, in milliseconds after the process was started, in order. */
type Moments = Record<string, number>;

function bringUp(lab: string): Moments {
  const start = now();
  const { status, stderr } = spawnSync("./fe80", ["up", `topologies/${lab}.yaml`, "-q"], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  const directory = `/run/fe80/${lab}`;
  const lines = readdirSync(directory)
    .filter((name) => name.endsWith(".log"))
    .flatMap((name) => readFileSync(join(directory, name), "utf8").trim().split("\n"))
    .map((line) => JSON.parse(line) as { msg: string; time: string });
  const times = (part: string) =>
    lines.filter(({ msg }) => msg.includes(part)).map(({ time }) => Date.parse(time) - start);
  const moments = {
    "command loaded, plan made": statSync(`${directory}/plan.json`).mtimeMs - start,
    "network made, speaker loaded": Math.min(...times("spawning session")),
    "first peer discovered": Math.min(...times("peer discovered")),
    "last session Established": Math.max(...times("-> established")),
    "last route learnt": Math.max(...times("recv update")),
  };
  execFileSync("./fe80", ["down", lab, "-q"]);
  return moments;
}

/** Node starts and ends, once for the command and once for the speaker. */
function floor(): number {
  const start = now();
  for (let count = 0; count < 2; count++) execFileSync(process.execPath, ["-e", "0"]);
  return now() - start;
}

const bird = (own: number, peer: number, directory: string) => `
router id 0.0.0.${own};
log "${directory}/${own}.log" all;
protocol device { scan time 1; }
protocol direct { ipv4; ipv6; interface "lo"; }
protocol bgp peer {
  local fe80::${own}%'eth0' as ${64511 + own};
  neighbor fe80::${peer}%'eth0' as ${64511 + peer};
  connect delay time 1; connect retry time 1; hold time 6; keepalive time 3;
  ipv4 { import all; export all; extended next hop yes; };
  ipv6 { import all; export all; };
}
`;

const plumbing = `
netns add bench.1
netns add bench.2
-n bench.1 link add eth0 type veth peer name eth0 netns bench.2
-n bench.1 addr add fe80::1/64 dev eth0 nodad
-n bench.2 addr add fe80::2/64 dev eth0 nodad
-n bench.1 link set eth0 up
-n bench.2 link set eth0 up
`;

/** Two BIRDs that know each other's addresses, in namespaces made by `ip`, until both are Established. */
async function birds(): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), "fe80-bench-"));
  const start = now();
  for (const line of plumbing.trim().split("\n")) execFileSync("ip", line.split(" "));
  const daemons = [1, 2].map((own) => {
    const [conf, socket] = [`${directory}/${own}.conf`, `${directory}/${own}.ctl`];
    writeFileSync(conf, bird(own, 3 - own, directory));
    return spawn("ip", ["netns", "exec", `bench.${own}`, "bird", "-f", "-c", conf, "-s", socket], {
      stdio: "ignore",
    });
  });
  try {
    const up = (own: number) =>
      spawnSync("birdc", ["-s", `${directory}/${own}.ctl`, "show", "protocols", "peer"], {
        encoding: "utf8",
      });
    while (![1, 2].every((own) => up(own).stdout.includes("Established"))) {
      if (now() - start > 30_000) throw new Error("BIRD did not come up in 30 s");
    }
    return now() - start;
  } finally {
    const ends = daemons.map((daemon) => new Promise((resolve) => daemon.once("close", resolve)));
    for (const daemon of daemons) daemon.kill();
    await Promise.all(ends);
    for (const own of [1, 2]) execFileSync("ip", ["netns", "del", `bench.${own}`]);
    rmSync(directory, { recursive: true });
  }
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const row = (name: string, ms: number, base: number) =>
  process.stdout.write(
    `${name.padEnd(44)} ${ms.toFixed(0).padStart(6)} ms ${(ms / base).toFixed(2).padStart(7)}\n`,
  );

const labs = ["seed-pair", "clos-2x4"];
const measured = new Map(labs.map((lab) => [lab, [] as Moments[]]));
const floors: number[] = [];
const peers: number[] = [];
for (const lab of labs) bringUp(lab); // what Node compiled is kept from now on, as it is for a user
for (let run = 0; run < runs; run++) {
  for (const lab of labs) measured.get(lab)?.push(bringUp(lab));
  floors.push(floor());
  peers.push(await birds());
}

const base = median(floors);
process.stdout.write(`medians of ${runs} runs, from the start of the process; ratio to the floor\n\n`);
row("floor: Node starts twice", base, base);
row("BIRD, two routers in plain namespaces", median(peers), base);
for (const [lab, all] of measured) {
  process.stdout.write(`\n${lab}\n`);
  for (const moment of Object.keys(all[0] ?? {})) {
    row(`  ${moment}`, median(all.map((moments) => moments[moment] ?? Number.NaN)), base);
  }
}
