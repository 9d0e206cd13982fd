import { filterBoth } from "../filter.ts";
import type { Meeting } from "../meeting.ts";
import type { End } from "../pair.ts";
import { Unproven } from "../patience.ts";
import { session } from "./session.ts";

const ends = ["a", "b"] as const;

/** All segments of both come with a hop limit of 255; those that come with one less are dropped, and the session with them. */
export async function gtsm(meeting: Meeting): Promise<void> {
  await session(meeting);
  for (const end of ends) {
    const others = meeting.wire.hopLimits(end).filter((limit) => limit !== 255);
    if (others.length > 0)
      throw new Unproven(`${meeting.pair[end]} sends a hop limit of ${others.join(", ")}`);
  }
  const before = { a: (await dropsAt(meeting, "a")).hopLimit, b: (await dropsAt(meeting, "b")).hopLimit };
  await filterBoth(meeting, "detour");
  for (const end of ends) {
    await meeting.until("segments that a router has passed on", async () => {
      const { hopLimit } = await dropsAt(meeting, end);
      if (hopLimit === before[end]) return `${meeting.pair[end]} has dropped none`;
      return (await meeting.notUpAt(end)) === undefined
        ? `${meeting.pair[end]} keeps its session`
        : undefined;
    });
  }
}

/** One of the two has dropped segments for their signature, and there is no session. */
export async function keysDiffer(meeting: Meeting): Promise<void> {
  await meeting.until("a dropped segment", async () => {
    const drops = await Promise.all(ends.map((end) => dropsAt(meeting, end)));
    return drops.some(({ md5 }) => md5 > 0) ? undefined : "none at either end";
  });
  if ((await meeting.notUp()) === undefined) throw new Unproven("the session is up");
}

/** How many segments the kernel of one end has dropped so far, and why. */
async function dropsAt(meeting: Meeting, end: End): Promise<{ md5: number; hopLimit: number }> {
  const { environment, plan } = meeting.asked;
  const facts = await environment.runtime.machineFacts({ lab: plan.lab, router: meeting.router(end) });
  return facts?.drops ?? { md5: 0, hopLimit: 0 };
}
