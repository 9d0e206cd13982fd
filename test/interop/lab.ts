import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Test } from "tap";
import { readSession } from "../../src/bgp/control/client.ts";
import type { Address } from "../../src/net/address.ts";
import { connect, deadline, type End } from "../bgp/speaker/trio.ts";
import { netns } from "../linux/sandbox.ts";

/** AS numbers of the two routers, and of who feeds ours. */
export const asns = { ours: 65_001, theirs: 65_002, feeder: 65_011 } as const;

/** Link-local addresses: ours and theirs on each of their links, and that of the feeder. */
const addresses = {
  ours: "fe80::1" as Address,
  theirs: "fe80::2" as Address,
  feeder: "fe80::11" as Address,
} as const;

/** Where a feeder stands, and whom it feeds. */
export interface FeederEnd {
  readonly end: End;
  readonly asn: number;
  readonly to: Address;
}

/** Our speaker and one of another make, joined by `eth0`; a feeder stands at our `eth1`. All is gone when the test ends. */
export interface Lab {
  readonly directory: string;
  readonly ours: string;
  readonly theirs: string;
  readonly feeder: FeederEnd;
}

let macs = 0;

export function createLab(t: Test): Lab {
  const directory = mkdtempSync(join(tmpdir(), "fe80interop-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  const [ours, theirs, feeder] = [netns(t), netns(t), netns(t)];
  const end = (netns: string, number: number, address: Address): End => {
    const mac = `02:fe:80:00:01:${(++macs).toString(16).padStart(2, "0")}`;
    return { netns, ifname: `eth${number}`, ifindex: 100 + number, mac, address };
  };
  connect(end(ours, 0, addresses.ours), end(theirs, 0, addresses.theirs));
  const own = end(feeder, 1, addresses.feeder);
  connect(end(ours, 1, addresses.ours), own);
  return { directory, ours, theirs, feeder: { end: own, asn: asns.feeder, to: addresses.ours } };
}

/** Our speaker as a process of its own. */
export interface Speaker {
  /** How often its session with the other router has come up, and whether it is up. */
  session(): Promise<{ readonly up: boolean; readonly count: number }>;
}

/** Starts our speaker, which runs until the test ends, and waits until it answers. */
export async function startSpeaker(t: Test, lab: Lab): Promise<Speaker> {
  const control = join(lab.directory, "control");
  const conf = join(lab.directory, "speaker.json");
  writeFileSync(conf, JSON.stringify({ control, routers: [router(lab)] }));
  const child = spawn(process.execPath, ["src/bin/fe80-speaker.ts", conf], { stdio: "inherit" });
  const closed = once(child, "close");
  t.teardown(async () => {
    child.kill("SIGKILL");
    await closed;
  });
  const session = async () => {
    const detail = await readSession(control, { router: "ours", session: "eth0" }, deadline());
    return { up: detail.state === "Established", count: detail.establishedCount };
  };
  await until("our speaker answers", () => session().then(Boolean, () => child.exitCode !== null));
  return { session };
}

function router(lab: Lab) {
  const common = { linkLocal: addresses.ours, families: [4] };
  return {
    name: "ours",
    netns: lab.ours,
    log: join(lab.directory, "speaker.log"),
    asn: asns.ours,
    routerId: "10.0.0.1",
    originate: [],
    sessions: [
      { ...common, ifname: "eth0", remoteAs: asns.theirs },
      { ...common, ifname: "eth1", remoteAs: asns.feeder, passive: true, timers: { holdTime: 600 } },
    ],
  };
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
