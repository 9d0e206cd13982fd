import { filterBoth } from "../filter.ts";
import { type Meeting, Unproven } from "../meeting.ts";
import { isUp } from "./session.ts";

const ends = ["a", "b"] as const;

/**
 * Both dial, and both have said OPEN on both connections before either has read anything. One connection is closed then, and
 * the other one lasts (RFC 4271 §6.8).
 */
export async function collision(meeting: Meeting): Promise<void> {
  await isUp(meeting);
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
  const both = crossed();
  await filterBoth(meeting, "none");
  await meeting.until("one connection", () => {
    const left = both.filter(({ isOver }) => !isOver).length;
    return left === 1 ? undefined : `${left} of ${both.length} are left`;
  });
  await lasts(meeting);
}

/** The session stays, with keepalives of both. */
async function lasts(meeting: Meeting): Promise<void> {
  await meeting.until("one session", () => meeting.notUp());
  const connections = async () =>
    (await Promise.all(ends.map((end) => meeting.session(end))))
      .map(({ connectionId }) => connectionId)
      .join();
  const before = await connections();
  const mark = meeting.wire.heard.length;
  await meeting.until("keepalives of both", () => {
    const silent = ends.find((end) => !meeting.wire.since(mark).some(({ from }) => from === end));
    return silent && `none of ${meeting.pair[silent]}`;
  });
  if ((await connections()) !== before) throw new Unproven("the session did not last");
}
