import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import type { Test } from "tap";
import { defaultRouter } from "../../../src/bgp/config/config.ts";
import type { Daemon } from "../../../src/kinds/kind.ts";
import type { Address, RouterId } from "../../../src/net/address.ts";
import type { Asn } from "../../../src/net/asn.ts";
import type { NodePlan, Plan } from "../../../src/plan/plan.ts";
import { createNetnsRuntime } from "../../../src/runtime/netns/netns-runtime.ts";
import type { Removed, Runtime } from "../../../src/runtime/runtime.ts";
import { systemClock } from "../../../src/std/clock.ts";

let made = 0;

export interface TestLab {
  readonly name: string;
  readonly runtime: Runtime;
  /** Where labs have their directories. */
  readonly root: string;
  /** The lab's directory; nobody has made it yet. */
  readonly directory: string;
}

/** A name of its own, and a runtime; whatever is left of the lab goes when the test ends. */
export function testLab(t: Test): TestLab {
  const root = mkdtempSync(`${tmpdir()}/fe80test-`);
  const name = `test-${process.pid}-${++made}`;
  const runtime = createNetnsRuntime({ clock: systemClock, path: "/usr/bin:/bin", runDirectory: root });
  t.teardown(async () => {
    await removed(runtime, name);
    rmSync(root, { recursive: true, force: true });
  });
  return { name, runtime, root, directory: `${root}/${name}` };
}

export async function removed(runtime: Runtime, lab: string): Promise<Removed[]> {
  const gone: Removed[] = [];
  for await (const item of runtime.remove(lab)) gone.push(item);
  return gone;
}

/** Two routers, and a link between them with the same index at both ends. */
export function pairPlan(lab: string, mtu = 1500): Plan {
  const end = (number: number) => ({
    router: `r${number}`,
    ifname: "eth0",
    ifindex: 100,
    mac: `02:fe:80:00:00:0${number}`,
    linkLocal: `fe80::${number}` as Address,
  });
  return {
    lab,
    nodes: [nodePlan(lab, 1), nodePlan(lab, 2)],
    hosts: [],
    links: [{ ends: [end(1), end(2)], mtu }],
    segments: [],
    places: {},
    expectation: { sessions: [], routes: [], withinMs: 1, settleMs: 1 },
  };
}

function nodePlan(lab: string, number: number): NodePlan {
  const name = `r${number}`;
  return {
    name,
    // Of a kind for which addresses can be used when they are there.
    kind: "bird",
    netns: `fe80.${lab}.${name}`,
    loopback: [`10.0.${number}.1` as Address, `2001:db8:${number}::1` as Address],
    router: {
      ...defaultRouter,
      name,
      netns: `/run/netns/fe80.${lab}.${name}`,
      log: null,
      logLevel: "debug",
      asn: number as Asn,
      routerId: `0.0.0.${number}` as RouterId,
      originate: [],
      sessions: [],
    },
  };
}

/** A daemon that is a shell script. */
export function script(lab: TestLab, text: string, rest: Partial<Daemon> = {}): Daemon {
  return {
    name: "script",
    routers: ["r1"],
    place: { type: "machine" },
    command: ["sh", "-c", text],
    files: [],
    input: undefined,
    log: `${lab.directory}/script.log`,
    probe: { type: "control", socket: { path: "", container: undefined } },
    ...rest,
  };
}
