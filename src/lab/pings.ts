import { isWhole, wayMismatch, wayOf } from "../checks/expect/path-check.ts";
import { ownerOf, type Ping, pingMismatch, pingsOf } from "../checks/expect/ping-check.ts";
import type { Check } from "../plan/plan.ts";
import { Ways } from "./ways.ts";
import type { Asked } from "./why-facts.ts";

type PingCheck = Extract<Check, { type: "ping" }>;

/** Tries who reaches whom, and on which way, once. @returns what is not as the check wants it @throws {LabError} if there is no program `ping` */
export async function tryPings(asked: Asked, check: PingCheck): Promise<string | undefined> {
  const pings = pingsOf(asked.plan, check);
  if (check.through === undefined) return await tryAll(asked, check, pings);
  using ways = await Ways.watch(asked);
  const mismatch = await tryAll(asked, check, pings);
  if (mismatch !== undefined) return mismatch;
  const found = await Promise.all(pings.map((ping) => tryWay(asked, { check, ping, ways })));
  return found.find((each) => each !== undefined);
}

async function tryAll(asked: Asked, check: PingCheck, pings: readonly Ping[]): Promise<string | undefined> {
  const tried = await Promise.all(
    pings.map(async (ping) => ({ ...ping, answered: await answers(asked, check.router, ping) })),
  );
  return pingMismatch(check, tried);
}

async function tryWay(
  { plan }: Asked,
  { check, ping, ways }: { check: PingCheck; ping: Ping; ways: Ways },
): Promise<string | undefined> {
  const ends = { from: check.router, to: ownerOf(plan, ping.target) ?? check.to };
  const passages = await ways.of(ping, ends);
  const way = wayOf(passages);
  if (isWhole(passages, ends)) return wayMismatch(check, way);
  const seen = way.map(({ router }) => router).join(", ") || "nowhere";
  return `${check.router} reaches ${check.to}, but the request from ${ping.source} to ${ping.target} was only seen to leave ${seen}`;
}

/** Sends one request, and waits a second for its answer. */
async function answers({ plan, environment, signal }: Asked, router: string, ping: Ping): Promise<boolean> {
  const command = ["ping", "-n", "-q", "-c", "1", "-W", "1", "-I", ping.source, ping.target] as const;
  const { exitCode } = await environment.runtime.capture({ lab: plan.lab, router }, command, { signal });
  return exitCode === 0;
}
