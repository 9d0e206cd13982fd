import { type Case, measure } from "./routing/case.ts";
import { bird } from "./routing/daemons/bird.ts";
import type { Daemon } from "./routing/daemons/daemon.ts";
import { fe80 } from "./routing/daemons/fe80.ts";
import { floor } from "./routing/daemons/floor.ts";
import { frr } from "./routing/daemons/frr.ts";
import { gobgp } from "./routing/daemons/gobgp.ts";
import { openbgpd } from "./routing/daemons/openbgpd.ts";
import { type Options, readOptions, USAGE } from "./routing/options.ts";
import { type Row, table, title } from "./routing/table.ts";

/**
 * How fast routes come in and go out again, ours beside others in the same run; docs/benchmarks.md explains it.
 *
 *     node bench/routing.ts [OPTION...]      as root
 */

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options.help) return void process.stdout.write(USAGE);
  if (process.getuid?.() !== 0) throw new Error("only root can make namespaces");
  for (const scenario of scenarios(options)) await compare(scenario, options);
}

/** Everything but the daemon. */
function* scenarios({ sizes, sets, only, peers }: Options): Generator<Omit<Case, "daemon">> {
  for (const count of sizes) {
    for (const set of sets) {
      if (only.includes("receive")) yield { count, set, sinks: 0, kernel: false };
      if (only.includes("kernel")) yield { count, set, sinks: 0, kernel: true };
      if (only.includes("transit")) yield* peers.map((sinks) => ({ count, set, sinks, kernel: false }));
    }
  }
}

/** Prints the table of one scenario, if any daemon can have it. */
async function compare(scenario: Omit<Case, "daemon">, options: Options): Promise<void> {
  const rows: Row[] = [];
  for (const daemon of daemonsOf(options)) {
    if (!daemon.kernel.includes(scenario.kernel) || (daemon === floor && scenario.sinks > 0)) continue;
    process.stderr.write(`${daemon.name}: ${title(scenario)}\n`);
    rows.push(await row({ ...scenario, daemon }, options));
  }
  if (rows.length > 0) process.stdout.write(`### ${title(scenario)}\n\n${table(rows)}\n\n`);
}

function daemonsOf({ daemons, speaker, profile }: Options): Daemon[] {
  const ours = fe80(speaker, profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`]);
  const all: Record<Options["daemons"][number], Daemon> = {
    floor,
    fe80: ours,
    BIRD: bird,
    FRR: frr,
    OpenBGPD: openbgpd,
    GoBGP: gobgp,
  };
  return daemons.map((name) => all[name]);
}

async function row(measured: Case, limits: Options): Promise<Row> {
  const { daemon } = measured;
  try {
    return { name: daemon.name, result: await measure(measured, limits), error: undefined };
  } catch (error) {
    return { name: daemon.name, result: undefined, error: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

// The namespaces go when the process does, however it ends.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
try {
  await main(process.argv.slice(2));
  process.exit(); // peers that have just ended may still hold it
} catch (error) {
  process.stderr.write(`error: ${messageOf(error)}\n\n${USAGE}`);
  process.exit(2);
}
