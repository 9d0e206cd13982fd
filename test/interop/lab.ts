import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Test } from "tap";
import type { SessionConfig } from "../../src/bgp/config/config.ts";
import { readRoutes, readSession } from "../../src/bgp/control/client.ts";
import type { RouteDetail, RouteQuery } from "../../src/bgp/control/route-detail.ts";
import { RTPROT_FE80 } from "../../src/linux/rtnetlink/route.ts";
import { Rtnetlink } from "../../src/linux/rtnetlink/rtnetlink.ts";
import type { Address } from "../../src/net/address.ts";
import { prefix } from "../../src/net/prefix.ts";
import { connect, deadline, type End } from "../bgp/speaker/trio.ts";
import { netns } from "../linux/sandbox.ts";

/** AS numbers of the two routers; feeder N, counted from 1, is AS 65010 + N. */
export const asns = { ours: 65_001, theirs: 65_002 } as const;

export const feederAsn = (number: number) => 65_010 + number;

/** Link-local addresses: ours and theirs on each of their links; feeder N has fe80::1N. */
export const addresses = { ours: "fe80::1" as Address, theirs: "fe80::2" as Address } as const;

/** Where a feeder stands, and whom it feeds. */
export interface FeederEnd {
  readonly end: End;
  readonly asn: number;
  readonly to: Address;
}

/**
 * Our speaker and one of another make, joined by `eth0`; feeders 1 and 2 stand at our `eth1` and `eth2`, 3 and 4 at
 * theirs. All is gone when the test ends.
 */
export interface Lab {
  readonly directory: string;
  readonly ours: string;
  readonly theirs: string;
  readonly feeders: readonly [FeederEnd, FeederEnd, FeederEnd, FeederEnd];
}

let macs = 0;

export function createLab(t: Test): Lab {
  const directory = mkdtempSync(join(tmpdir(), "fe80interop-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  const [ours, theirs, feeder] = [netns(t), netns(t), netns(t)];
  const end = (netns: string, number: number, address: Address, ifname = `eth${number}`): End => {
    const mac = `02:fe:80:00:01:${(++macs).toString(16).padStart(2, "0")}`;
    return { netns, ifname, ifindex: 100 + number, mac, address };
  };
  connect(end(ours, 0, addresses.ours), end(theirs, 0, addresses.theirs));
  const feed = (number: number): FeederEnd => {
    const [router, to] = number < 3 ? [ours, addresses.ours] : [theirs, addresses.theirs];
    const own = end(feeder, number, `fe80::1${number}` as Address);
    connect(end(router, ((number - 1) % 2) + 1, to), own);
    return { end: own, asn: feederAsn(number), to };
  };
  return { directory, ours, theirs, feeders: [feed(1), feed(2), feed(3), feed(4)] };
}

/** Our speaker as a process of its own. */
export interface Speaker {
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** How often its session with the other router has come up, and whether it is up. */
  session(): Promise<{ readonly up: boolean; readonly count: number }>;
  routes(query: Omit<RouteQuery, "router">): Promise<RouteDetail[]>;
}

/** What a test changes of our speaker. */
export interface SpeakerOptions {
  readonly originate: readonly string[];
  /** The session with the other router. */
  readonly session: Partial<SessionConfig>;
}

/** Starts our speaker and waits until it answers. */
export async function startSpeaker(t: Test, lab: Lab, options: SpeakerOptions): Promise<Speaker> {
  const control = join(lab.directory, "control");
  const conf = join(lab.directory, "speaker.json");
  writeFileSync(conf, JSON.stringify({ control, routers: [router(lab, options)] }));
  const child = spawn(process.execPath, ["src/bin/fe80-speaker.ts", conf], { stdio: "inherit" });
  const closed = once(child, "close");
  const kill = async () => {
    child.kill("SIGKILL");
    await closed;
  };
  t.teardown(kill);
  const session = async () => {
    const detail = await readSession(control, { router: "ours", session: "eth0" }, deadline());
    return { up: detail.state === "Established", count: detail.establishedCount };
  };
  await until("our speaker answers", () => session().then(Boolean, () => child.exitCode !== null));
  return {
    kill,
    session,
    routes: async (query) => {
      const routes: RouteDetail[] = [];
      for await (const some of readRoutes(control, { router: "ours", ...query }, deadline()))
        routes.push(...some);
      return routes;
    },
  };
}

function router(lab: Lab, { originate, session }: SpeakerOptions) {
  const common = { linkLocal: addresses.ours, families: [4] };
  const feeders = [1, 2].map((number) => ({
    ...common,
    ifname: `eth${number}`,
    remoteAs: feederAsn(number),
    passive: true,
    timers: { holdTime: 600 },
  }));
  return {
    name: "ours",
    netns: lab.ours,
    log: join(lab.directory, "speaker.log"),
    asn: asns.ours,
    routerId: "10.0.0.1",
    originate: originate.map((text) => prefix(text)),
    sessions: [{ ...common, ifname: "eth0", remoteAs: asns.theirs, ...session }, ...feeders],
  };
}

/** Destinations that our speaker has put into its kernel. */
export function kernelRoutes({ ours }: Lab): string[] {
  using rtnetlink = Rtnetlink.open(ours);
  return Array.from(rtnetlink.routes(RTPROT_FE80), ({ prefix }) => prefix);
}

/** A name for what a daemon keeps outside of the lab's directory. */
export function labName({ directory }: Lab): string {
  return basename(directory);
}

/** Asks again and again until it is so. @throws after 30 s, with what never was */
export async function until(fact: string, holds: () => Promise<boolean>): Promise<void> {
  const late = AbortSignal.timeout(30_000);
  while (!(await holds())) {
    if (late.aborted) throw new Error(`it never was so: ${fact}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
