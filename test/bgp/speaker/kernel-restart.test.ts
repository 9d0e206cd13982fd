import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import {
  defaultRouter,
  defaultSession,
  defaultTimers,
  type SpeakerConfig,
} from "../../../src/bgp/config/config.ts";
import { readStatus } from "../../../src/bgp/control/client.ts";
import type { Status } from "../../../src/bgp/control/status.ts";
import { RTPROT_FE80 } from "../../../src/linux/rtnetlink/route.ts";
import { Rtnetlink } from "../../../src/linux/rtnetlink/rtnetlink.ts";
import type { RouterId } from "../../../src/net/address.ts";
import { asn } from "../../../src/net/asn.ts";
import { prefix } from "../../../src/net/prefix.ts";
import { pause, systemClock } from "../../../src/std/clock.ts";
import { type End, pair } from "../../linux/sandbox.ts";

/** A speaker's process is killed, and starts again: real namespaces, real kernels. */

/** A speaker of one router, in a process of its own. */
function create(t: Test, number: number, end: End) {
  const directory = mkdtempSync(join(tmpdir(), "fe80-restart-"));
  const [control, file] = [join(directory, "control"), join(directory, "config.json")];
  const config: SpeakerConfig = {
    control,
    routers: [
      {
        ...defaultRouter,
        name: `r${number}`,
        netns: end.netns,
        log: join(directory, "log"),
        logLevel: "debug",
        asn: asn(64512 + number),
        routerId: `0.0.0.${number}` as RouterId,
        originate: [prefix(`10.0.${number}.0/24`), prefix(`2001:db8:${number}::/48`)],
        sessions: [
          {
            ...defaultSession,
            ifname: "eth0",
            remoteAs: "external",
            gracefulRestart: "full",
            timers: { ...defaultTimers, restartTime: 20 },
          },
        ],
      },
    ],
  };
  writeFileSync(file, JSON.stringify(config));
  let running: ChildProcess | undefined;
  const stop = async (signal: NodeJS.Signals) => {
    const ended = running && once(running, "exit");
    running?.kill(signal);
    running = undefined;
    await ended;
  };
  t.teardown(async () => {
    await stop("SIGKILL");
    rmSync(directory, { recursive: true });
  });
  return {
    start: () => {
      running = spawn(process.execPath, ["src/bin/fe80-speaker.ts", file], { stdio: "inherit" });
    },
    stop,
    status: () => readStatus(control, {}, AbortSignal.timeout(5_000)),
    routes: () => {
      using rtnetlink = Rtnetlink.open(end.netns);
      return Array.from(rtnetlink.routes(RTPROT_FE80), ({ prefix }) => prefix as string);
    },
  };
}

type Instance = ReturnType<typeof create>;

/** Waits for a fact about a speaker, which may not answer yet. */
async function until(of: Instance, fact: (status: Status) => boolean): Promise<void> {
  const signal = AbortSignal.timeout(20_000);
  for (;;) {
    const status = await of.status().catch(() => undefined);
    if (status && fact(status)) return;
    await pause(systemClock, 20, signal);
  }
}

const established = (count: number) => (status: Status) =>
  status.sessions.every((session) => session.state === "Established" && session.establishedCount === count);

const knows = (count: number) => (status: Status) => status.routes.length === count;

t.test("a speaker that is killed and starts again loses no route, nor does its peer", async (t) => {
  const [a, b] = pair(t).ends;
  const [r1, r2] = [create(t, 1, a), create(t, 2, b)];
  for (const each of [r1, r2]) each.start();
  await until(r1, knows(4));
  await until(r2, knows(4));
  const [ofR1, ofR2] = [r1.routes(), r2.routes()];
  t.strictSame(ofR1, ["10.0.2.0/24", "2001:db8:2::/48"]);
  await r1.stop("SIGKILL");
  t.strictSame(r1.routes(), ofR1);
  const lost: string[] = [];
  const watch = setInterval(() => {
    if (r1.routes().length < 2) lost.push("r1");
    if (r2.routes().length < 2) lost.push("r2");
  }, 5);
  await until(r2, (status) => !established(1)(status));
  r1.start();
  await until(r2, established(2));
  await until(r1, knows(4));
  await until(r2, knows(4));
  clearInterval(watch);
  t.strictSame(lost, []);
  t.strictSame([r1.routes(), r2.routes()], [ofR1, ofR2]);
  await r1.stop("SIGTERM");
  t.strictSame(r1.routes(), [], "but who ends as it should leaves nothing behind");
  await until(r2, knows(2));
  t.strictSame(r2.routes(), []);
});
