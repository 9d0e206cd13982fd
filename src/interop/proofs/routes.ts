import type { Meeting } from "../meeting.ts";
import { type End, otherEnd } from "../pair.ts";
import { Unproven } from "../patience.ts";
import { largeCommunities, MANY, MANY_COMMUNITIES, prefixesOf } from "../topologies.ts";
import { isUp } from "./session.ts";

/** The octets of a message without the capability of RFC 8654. */
const USUAL_LENGTH = 4096;

/** All that an end tells from the beginning. */
function usualOf(end: End): string[] {
  const { plain, twice, large } = prefixesOf(end);
  return [plain, twice, large];
}

/** Has an end tell what it tells from the beginning, and more. */
async function tell(meeting: Meeting, end: End, more: readonly string[] = []): Promise<void> {
  await meeting.tell(end, [...usualOf(end), ...more]);
}

/** Both large communities arrive as they were told (RFC 8092). */
export async function largeCommunity(meeting: Meeting, from: End): Promise<void> {
  await isUp(meeting);
  await tell(meeting, from);
  const to = otherEnd[from];
  await meeting.until("large communities", async () => {
    const [arrival] = await meeting.arrivals(to, prefixesOf(from).large);
    if (arrival === undefined) return `${meeting.pair[to]} has no route with any`;
    const missing = largeCommunities.filter((community) => !arrival.large.includes(community));
    return missing.length > 0 ? `${meeting.pair[to]} has not got ${missing.join(", ")}` : undefined;
  });
}

/** A message of more than 4,096 octets passes, and what is in it arrives (RFC 8654). */
export async function extendedMessage(meeting: Meeting, from: End): Promise<void> {
  await isUp(meeting);
  const { long } = prefixesOf(from);
  await tell(meeting, from, [long]);
  await meeting.until("a long UPDATE", async () => {
    const arrivals = await meeting.arrivals(otherEnd[from], long);
    const communities = arrivals[0]?.communities;
    if (communities !== MANY_COMMUNITIES) return `${communities ?? "no"} communities have arrived`;
    const longest = Math.max(...meeting.wire.heard.map((each) => (each.from === from ? each.length : 0)));
    return longest > USUAL_LENGTH ? undefined : `the longest has ${longest} octets`;
  });
  await tell(meeting, from);
}

/** Two paths to one prefix arrive, with identifiers (RFC 7911). */
export async function addPath(meeting: Meeting, from: End): Promise<void> {
  await isUp(meeting);
  await tell(meeting, from);
  const to = otherEnd[from];
  await meeting.until("two paths", async () => {
    const paths = new Set((await meeting.arrivals(to, prefixesOf(from).twice)).map(({ asPath }) => asPath));
    return paths.size === 2 ? undefined : `${meeting.pair[to]} has ${paths.size}`;
  });
  const tagged = meeting.wire.heard.some((each) => each.from === from && each.update?.withPaths);
  if (!tagged) throw new Unproven(`no UPDATE of ${meeting.pair[from]} has path identifiers`);
}

/** What is told no more is gone, and what is told again comes back. */
export async function withdraw(meeting: Meeting, from: End): Promise<void> {
  await isUp(meeting);
  await tell(meeting, from);
  const { plain } = prefixesOf(from);
  await arrived(meeting, from, { prefix: plain, present: true });
  const rest = usualOf(from).filter((prefix) => prefix !== plain);
  await meeting.tell(from, rest);
  await arrived(meeting, from, { prefix: plain, present: false });
  await tell(meeting, from);
  await arrived(meeting, from, { prefix: plain, present: true });
}

async function arrived(
  meeting: Meeting,
  from: End,
  { prefix, present }: { prefix: string; present: boolean },
): Promise<void> {
  const to = otherEnd[from];
  await meeting.until(present ? "a route" : "a withdrawal", async () => {
    const { length } = await meeting.arrivals(to, prefix);
    if (length > 0 === present) return undefined;
    return `${meeting.pair[to]} ${present ? "has no route to" : "still has"} ${prefix}`;
  });
}

/** Ten thousand routes arrive, and go. */
export async function many(meeting: Meeting, from: End): Promise<void> {
  await isUp(meeting);
  const to = otherEnd[from];
  const before = await meeting.prefixCount(to);
  const counts = (more: number) =>
    meeting.until(
      `${more} routes`,
      async () => {
        const found = (await meeting.prefixCount(to)) - before;
        return found === more ? undefined : `${meeting.pair[to]} has ${found}`;
      },
      60_000,
    );
  await meeting.tellMany(from, "add");
  await counts(MANY);
  await meeting.tellMany(from, "del");
  await counts(0);
  const lost = await meeting.notUp();
  if (lost !== undefined) throw new Unproven(`the session did not outlast them: ${lost}`);
}
