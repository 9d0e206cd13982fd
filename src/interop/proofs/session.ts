import type { RouteStatus } from "../../bgp/control/status.ts";
import type { Family } from "../../net/address.ts";
import { disproved } from "../limits.ts";
import { type Meeting, Unproven } from "../meeting.ts";
import { type End, otherEnd } from "../pair.ts";
import { asnOf, prefixesOf } from "../topologies.ts";

const ends = ["a", "b"] as const;

/** Both have the session up, over the link-local addresses that they have found or taken. */
export async function session(meeting: Meeting): Promise<void> {
  await meeting.until("the session", () => meeting.notUp());
  const { peerAddress } = await meeting.session("a");
  if (peerAddress !== null && !peerAddress.startsWith("fe80:")) {
    throw new Unproven(`the session is with ${peerAddress}`);
  }
  for (const end of ends) {
    const open = meeting.wire.open(end);
    const [known] = open === undefined ? [] : disproved(meeting.pair[end], open);
    if (known) throw new Unproven(`${meeting.pair[end]} was known to lack ${known}, and has it`);
  }
}

/** What follows needs the session. */
export async function isUp(meeting: Meeting): Promise<void> {
  await meeting.until("the session", () => meeting.notUpAt("a"));
}

/** Both announce the capability of RFC 8950, and have each other's IPv4 prefix by a link-local next hop. */
export async function ipv4(meeting: Meeting): Promise<void> {
  await isUp(meeting);
  for (const end of ends) {
    const capabilities = meeting.wire.open(end)?.capabilities ?? [];
    const told = capabilities.some(
      (each) =>
        each.type === "extendedNextHop" &&
        each.entries.some(({ afi, nextHopAfi }) => afi === 1 && nextHopAfi === 2),
    );
    if (!told) throw new Unproven(`the OPEN of ${meeting.pair[end]} has no extended next hop`);
  }
  await bothReach(meeting, 4);
}

/** Both have each other's IPv6 prefix by a link-local next hop. */
export async function ipv6(meeting: Meeting): Promise<void> {
  await isUp(meeting);
  await bothReach(meeting, 6);
}

async function bothReach(meeting: Meeting, family: Family): Promise<void> {
  for (const end of ends) {
    await meeting.until(`the IPv${family} route of ${meeting.pair[end]}`, async () => {
      const route = await ownRoute(meeting, end, family);
      if (route === undefined) return "there is none";
      if (!route.nextHop?.startsWith("fe80:")) return `its next hop is ${route.nextHop}`;
      return ["installed", "none"].includes(route.kernel) ? undefined : `the kernel: ${route.kernel}`;
    });
  }
}

/** What one end makes of the prefix of the other itself. */
async function ownRoute(meeting: Meeting, end: End, family: Family): Promise<RouteStatus | undefined> {
  const wanted = prefixesOf(otherEnd[end]).own.find((prefix) => prefix.includes(":") === (family === 6));
  const { routes } = await meeting.status(end);
  return routes.find(({ router, prefix }) => router === meeting.router(end) && prefix === wanted);
}

/** Both tell their AS number of four octets in the capability, and each has it in the path of what the other tells. */
export async function fourOctetAs(meeting: Meeting): Promise<void> {
  await isUp(meeting);
  for (const end of ends) {
    const other = otherEnd[end];
    const told = meeting.wire.open(other)?.asn;
    if (told !== asnOf[other]) throw new Unproven(`the OPEN of ${meeting.pair[other]} has AS ${told}`);
    await meeting.until(`the AS path at ${meeting.pair[end]}`, async () => {
      const path = (await ownRoute(meeting, end, 6))?.asPath;
      return path === `${asnOf[other]}` ? undefined : `it is ${path ?? "not there"}`;
    });
  }
}

/** Both have settled on a hold time. @returns the proof of it */
export function holdTime(seconds: number): (meeting: Meeting) => Promise<void> {
  return async (meeting) => {
    await session(meeting);
    for (const end of ends) {
      const { holdTime } = await meeting.session(end);
      // BIRD shows no hold timer that does not run.
      const shown = seconds === 0 && holdTime === null ? 0 : holdTime;
      if (shown !== seconds) throw new Unproven(`the hold time of ${meeting.pair[end]} is ${holdTime} s`);
    }
  };
}

/** All segments of both come with a hop limit of 255, and both take no others. */
export async function gtsm(meeting: Meeting): Promise<void> {
  await session(meeting);
  for (const end of ends) {
    const others = meeting.wire.hopLimits(end).filter((limit) => limit !== 255);
    if (others.length > 0)
      throw new Unproven(`${meeting.pair[end]} sends a hop limit of ${others.join(", ")}`);
  }
}

/** So often the session is ended, so that both dial at once. */
const MOST_TRIES = 10;

/** Both have dialed before the session was up, and one session is left, which is not lost. */
export async function collision(meeting: Meeting): Promise<void> {
  await isUp(meeting);
  for (let tries = 1, mark = 0; ; tries++) {
    const dialed = new Set(meeting.wire.dialed.slice(mark));
    if (dialed.size === 2) break;
    if (tries === MOST_TRIES) {
      const silent = ends.filter((end) => !dialed.has(end)).map((end) => meeting.pair[end]);
      throw new Unproven(`${silent.join(" and ")} opened no connection before the session was up`);
    }
    mark = meeting.wire.dialed.length;
    await meeting.reset("b");
    await isUp(meeting);
  }
  await meeting.until("one session", () => meeting.notUp());
  const before = await Promise.all(ends.map((end) => meeting.session(end)));
  const mark = meeting.wire.heard.length;
  await meeting.until("keepalives of both", () => {
    const silent = ends.find((end) => !meeting.wire.since(mark).some(({ from }) => from === end));
    return silent && `none of ${meeting.pair[silent]}`;
  });
  const after = await Promise.all(ends.map((end) => meeting.session(end)));
  if (before.some(({ connectionId }, index) => connectionId !== after[index]?.connectionId)) {
    throw new Unproven("the session did not last");
  }
}

/** One of the two has dropped segments for their signature, and there is no session. */
export async function keysDiffer(meeting: Meeting): Promise<void> {
  const { environment, plan } = meeting.asked;
  await meeting.until("a dropped segment", async () => {
    const facts = await Promise.all(
      ends.map((end) => environment.runtime.machineFacts({ lab: plan.lab, router: meeting.router(end) })),
    );
    return facts.some((each) => (each?.drops.md5 ?? 0) > 0) ? undefined : "none at either end";
  });
  if ((await meeting.notUp()) === undefined) throw new Unproven("the session is up");
}
