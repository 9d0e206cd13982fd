import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import type { Daemon } from "./daemons/daemon.ts";
import { Network } from "./network.ts";
import { monotonic } from "./peer-protocol.ts";
import { Peers } from "./peers.ts";
import { cpuSeconds, kernelPrefixes, peakMegabytes } from "./processes.ts";
import type { RouteSet } from "./routes.ts";
import { within } from "./wait.ts";

/** One measurement: a daemon takes prefixes from one peer and passes them on to others, or to none. */
export interface Case {
  readonly daemon: Daemon;
  readonly count: number;
  readonly set: RouteSet;
  /** Peers that are told; with none, the daemon just receives. */
  readonly sinks: number;
  readonly kernel: boolean;
}

export interface Result {
  /** Until the last prefix is usable: told to the last peer, in the kernel, or decided about. */
  readonly seconds: number;
  /** The same for withdrawing all; undefined if it did not end in time. */
  readonly withdrawalSeconds: number | undefined;
  /** What the daemon used of the processor until the last prefix was usable. */
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  /** The longest time that a peer was without a keepalive; they are due every 3 s. */
  readonly keepaliveGapSeconds: number;
}

export interface Limits {
  /** How long learning, and then withdrawing, may take. */
  readonly deadlineMs: number;
  readonly holdTime: number;
}

const START_MS = 30_000;
/** Time for the End-of-RIB and whatever else a new session brings with it. */
const SETTLE_MS = 1500;
/** Between two looks at the kernel's own counter, which walks the table. */
const KERNEL_PAUSE_MS = 250;

/** @throws {Error} with what went wrong, such as a session that was lost or the deadline */
export async function measure(measured: Case, { deadlineMs, holdTime }: Limits): Promise<Result> {
  const { daemon, count, set, sinks, kernel } = measured;
  using network = new Network(1 + sinks);
  const children = await start(daemon, network, kernel);
  const { addresses } = daemon;
  const common = { network, addresses, holdTime };
  const injector = new Peers({
    ...common,
    links: network.links.slice(0, 1),
    expected: 0,
    routes: { count, set },
  });
  const sink = new Peers({ ...common, links: network.links.slice(1), expected: count, routes: null });
  const established = Promise.all([injector.established, sink.established]);
  await within(START_MS, "no session", Promise.race([established, injector.failed, sink.failed]));
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));

  const [pid = 0] = network.processes();
  const own = kernel ? kernelPrefixes(pid) : 0;
  const usedBefore = cpuSeconds(network.processes());
  const usable = async (done: (prefixes: number) => boolean) => {
    const decided = await poll(() => daemon.count(network, measured), done, daemon.pauseMs);
    return kernel ? poll(async () => kernelPrefixes(pid) - own, done, KERNEL_PAUSE_MS) : decided;
  };
  const until = async (done: (prefixes: number) => boolean, event: "announced" | "withdrawn") => {
    const ended = sinks > 0 ? sink.when(event) : usable(done);
    return within(
      deadlineMs,
      `> ${deadlineMs / 1000} s`,
      Promise.race([ended, injector.failed, sink.failed]),
    );
  };
  for (const peers of [injector, sink]) peers.forgetGaps();
  const begun = await injector.announce();
  const ended = await until((prefixes) => prefixes >= count, "announced");
  const used = cpuSeconds(network.processes()) - usedBefore;
  const withdrawing = await injector.withdraw();
  const withdrawn = await until((prefixes) => prefixes === 0, "withdrawn").catch(() => undefined);
  const gaps = await Promise.all([injector.keepaliveGap(), sink.keepaliveGap()]);
  const peak = peakMegabytes(network.processes());
  await stop(children);
  return {
    seconds: (ended - begun) / 1000,
    withdrawalSeconds: withdrawn && (withdrawn - withdrawing) / 1000,
    cpuSeconds: used,
    peakMegabytes: peak,
    keepaliveGapSeconds: Math.max(...gaps) / 1000,
  };
}

async function start(daemon: Daemon, network: Network, kernel: boolean): Promise<ChildProcess[]> {
  const children: ChildProcess[] = [];
  const log = openSync(`${network.directory}/output`, "a");
  for (const { argv, ready } of await daemon.prepare(network, { kernel })) {
    const child = spawn("ip", ["netns", "exec", network.daemon, ...argv], { stdio: ["ignore", log, log] });
    children.push(child);
    if (ready)
      await within(
        START_MS,
        `${argv[0]} does not start`,
        poll(async () => Number(existsSync(ready)), Boolean, 10),
      );
  }
  return children;
}

/** Lets the last daemon end by itself, as it must to write a profile, but not for long. */
async function stop(children: readonly ChildProcess[]): Promise<void> {
  const last = children.at(-1);
  if (!last || last.exitCode !== null) return;
  const closed = new Promise((resolve) => last.once("close", resolve));
  last.kill();
  await within(START_MS, "it does not end", closed).catch(() => undefined);
}

/** Asks again and again. @returns when the answer was as wished */
async function poll(
  ask: () => Promise<number>,
  done: (answer: number) => boolean,
  pauseMs: number,
): Promise<number> {
  while (!done(await ask())) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  return monotonic();
}
