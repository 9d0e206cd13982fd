import { filterBoth } from "../filter.ts";
import type { Meeting } from "../meeting.ts";
import { Unproven } from "../patience.ts";
import type { Connection } from "../wire.ts";
import { isUp } from "./session.ts";

const ends = ["a", "b"] as const;

/**
 * So often both may collide. What was lost TCP says again whenever it likes: who then reads all of one connection and nothing of
 * the other may take it for established, and close the one that the peer keeps (RFC 4271 §6.8); so both are gone, and they try again.
 */
const MOST_TRIES = 6;

/**
 * Both dial, and both have said OPEN on both connections before either has read anything. One connection is closed then, and
 * the other one lasts (RFC 4271 §6.8).
 */
export async function collision(meeting: Meeting): Promise<void> {
  for (let tries = 1; ; tries++) {
    await isUp(meeting);
    const both = await collide(meeting);
    await filterBoth(meeting, "none");
    await meeting.until("one connection", () =>
      both.some(({ isOver }) => isOver) ? undefined : "both are left",
    );
    await meeting.until("one session", () => meeting.notUp());
    const left = both.find(({ isOver }) => !isOver);
    if (left && (await lasts(left, meeting))) return;
    if (tries === MOST_TRIES) throw new Unproven(`none of two connections was left, ${tries} times`);
  }
}

/** Whether both go on with it. */
async function lasts(left: Connection, meeting: Meeting): Promise<boolean> {
  const since = meeting.wire.heard.length;
  await meeting.until("messages of both on the connection that is left", () => {
    const said = meeting.wire.since(since).filter(({ port }) => port === left.port);
    const silent = ends.find((end) => !said.some(({ from }) => from === end));
    return silent && !left.isOver ? `none of ${meeting.pair[silent]}` : undefined;
  });
  return !left.isOver;
}

/** Ends the session by silence, and has both dial while nobody can read. @returns connections with an OPEN of both, which both opened */
async function collide(meeting: Meeting): Promise<readonly Connection[]> {
  const { wire } = meeting;
  const mark = { heard: wire.heard.length, connections: wire.connections.length };
  await filterBoth(meeting, "silence");
  for (const end of ends) {
    await meeting.until("the end of the session", async () =>
      (await meeting.notUpAt(end)) === undefined ? `${meeting.pair[end]} keeps it` : undefined,
    );
  }
  await filterBoth(meeting, "hold");
  const crossed = () =>
    wire.connections.slice(mark.connections).filter(({ port, isOver }) => {
      const opens = wire.since(mark.heard).filter((each) => each.port === port && each.open);
      return !isOver && ends.every((end) => opens.some(({ from }) => from === end));
    });
  await meeting.until("an OPEN of both on two connections", () => {
    const dialers = crossed().map(({ dialer }) => dialer);
    const missing = ends.find((end) => !dialers.includes(end));
    return missing && `there is none on a connection that ${meeting.pair[missing]} has opened`;
  });
  return crossed();
}
