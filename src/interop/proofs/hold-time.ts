import { filterBoth } from "../filter.ts";
import type { Meeting } from "../meeting.ts";
import { type End, otherEnd } from "../pair.ts";
import { Unproven } from "../patience.ts";
import { session } from "./session.ts";

const ends = ["a", "b"] as const;

/** How each of them calls it (RFC 4271 §6.5): its NOTIFICATION cannot be seen, for TCP sends nothing more of what is lost. */
const expired = /hold ?timer ?expired/i;

/** Some count whole seconds alone, and what is heard may be told late on a busy machine. */
const earlyMs = 1500;

/** The usual hold time of a lab: who is this late has not settled on another. */
const lateMs = 9000;

/** Both have settled on a hold time. */
async function settled(meeting: Meeting, seconds: number): Promise<void> {
  await session(meeting);
  for (const end of ends) {
    const { holdTime } = await meeting.session(end);
    // BIRD shows no hold timer that does not run.
    const shown = seconds === 0 && holdTime === null ? 0 : holdTime;
    if (shown !== seconds) throw new Unproven(`the hold time of ${meeting.pair[end]} is ${holdTime} s`);
  }
}

/** Both have settled on none. */
export async function noHoldTime(meeting: Meeting): Promise<void> {
  await settled(meeting, 0);
}

/** Both have settled on three seconds, and each ends the session so long after it has heard the other for the last time. */
export async function shortHoldTime(meeting: Meeting): Promise<void> {
  await settled(meeting, 3);
  const mark = meeting.wire.heard.length;
  await filterBoth(meeting, "silence");
  await Promise.all(ends.map((end) => endsSilence(end, { meeting, mark })));
}

async function endsSilence(end: End, { meeting, mark }: { meeting: Meeting; mark: number }): Promise<void> {
  const name = meeting.pair[end];
  await meeting.until("the end of a silent session", async () =>
    (await meeting.notUpAt(end)) === undefined ? `${name} keeps it` : undefined,
  );
  const waitedMs = meeting.asked.environment.clock.wallTime() - lastOf(otherEnd[end], { meeting, mark });
  if (waitedMs < 3000 - earlyMs || waitedMs > lateMs) {
    throw new Unproven(`${name} has waited ${Math.round(waitedMs)} ms`);
  }
  await meeting.until("Hold Timer Expired", async () =>
    expired.test(await meeting.raw(end)) ? undefined : `${name} does not tell that`,
  );
}

/** When one end was last heard before a point. */
function lastOf(end: End, { meeting, mark }: { meeting: Meeting; mark: number }): number {
  return meeting.wire.heard.slice(0, mark).findLast(({ from }) => from === end)?.atMs ?? 0;
}
