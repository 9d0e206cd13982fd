import { parseArgs } from "node:util";
import { type Case, measure } from "./routing/case.ts";
import { bird } from "./routing/daemons/bird.ts";
import type { Daemon } from "./routing/daemons/daemon.ts";
import { fe80 } from "./routing/daemons/fe80.ts";
import { floor } from "./routing/daemons/floor.ts";
import { frr } from "./routing/daemons/frr.ts";
import { gobgp } from "./routing/daemons/gobgp.ts";
import { openbgpd } from "./routing/daemons/openbgpd.ts";
import type { RouteSet } from "./routing/routes.ts";
import { type Row, table, title } from "./routing/table.ts";

/**
 * How fast routes come in and go out again, ours beside others in the same run; docs/benchmarks.md explains it.
 *
 *     node bench/routing.ts [OPTION...]      as root
 */

const USAGE = `usage: node bench/routing.ts [OPTION...]

  --sizes LIST         numbers of prefixes, such as 100k,500k,1M (100k,1M)
  --sets LIST          same: one attribute set in all; differing: an AS path for every 8 prefixes (differing)
  --only LIST          of receive, kernel and transit (all)
  --peers LIST         how many peers are told in transit, such as 1,10 (10)
  --daemons LIST       of floor, fe80, BIRD, FRR, OpenBGPD and GoBGP (all)
  --deadline SECONDS   how long learning, and then withdrawing, may take (60)
  --hold SECONDS       the hold time that peers offer (9)
  --speaker DIRECTORY  the checkout of fe80 to measure (this one)
  --profile DIRECTORY  write a CPU profile of each run of fe80's there
`;

const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "100k,1M" },
    sets: { type: "string", default: "differing" },
    daemons: { type: "string", default: "floor,fe80,BIRD,FRR,OpenBGPD,GoBGP" },
    only: { type: "string", default: "receive,kernel,transit" },
    peers: { type: "string", default: "10" },
    deadline: { type: "string", default: "60" },
    hold: { type: "string", default: "9" },
    speaker: { type: "string", default: process.cwd() },
    profile: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

const profile = values.profile ? ["--cpu-prof", `--cpu-prof-dir=${values.profile}`] : [];
const all: readonly Daemon[] = [floor, fe80(values.speaker, profile), bird, frr, openbgpd, gobgp];
const daemons = all.filter(({ name }) => list(values.daemons).includes(name));

function list(text: string): string[] {
  return text.split(",");
}

function sizeOf(text: string): number {
  const [, digits = "", unit = ""] = /^(\d+)([kM]?)$/.exec(text) ?? [];
  if (digits === "") throw new Error(`--sizes: ${text} is no number of prefixes`);
  return Number(digits) * { "": 1, k: 1000, M: 1_000_000 }[unit as "" | "k" | "M"];
}

/** Everything but the daemon, the quick ones first. */
function* scenarios(): Generator<Omit<Case, "daemon">> {
  const only = list(values.only);
  for (const count of list(values.sizes).map(sizeOf)) {
    for (const set of list(values.sets) as RouteSet[]) {
      if (only.includes("receive")) yield { count, set, sinks: 0, kernel: false };
      if (only.includes("kernel")) yield { count, set, sinks: 0, kernel: true };
      if (!only.includes("transit")) continue;
      for (const sinks of list(values.peers).map(Number)) yield { count, set, sinks, kernel: false };
    }
  }
}

async function row(measured: Case): Promise<Row> {
  const limits = { deadlineMs: Number(values.deadline) * 1000, holdTime: Number(values.hold) };
  try {
    return { measured, result: await measure(measured, limits), error: undefined };
  } catch (error) {
    return { measured, result: undefined, error: error instanceof Error ? error.message : String(error) };
  }
}

async function main(): Promise<void> {
  for (const scenario of scenarios()) {
    const cases = daemons
      .map((daemon) => ({ ...scenario, daemon }))
      .filter(
        ({ daemon, kernel, sinks }) => daemon.kernel.includes(kernel) && (daemon !== floor || sinks === 0),
      );
    const rows: Row[] = [];
    for (const each of cases) {
      process.stderr.write(`${each.daemon.name}: ${title(each)}\n`);
      rows.push(await row(each));
    }
    if (rows[0]) process.stdout.write(`### ${title(rows[0].measured)}\n\n${table(rows)}\n\n`);
  }
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
if (values.help) process.stdout.write(USAGE);
else await main();
process.exit();
