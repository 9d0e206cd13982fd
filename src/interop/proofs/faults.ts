import { perform } from "../../lab/actions/perform.ts";
import type { Meeting } from "../meeting.ts";
import { type End, otherEnd } from "../pair.ts";
import { prefixesOf } from "../topologies.ts";
import { isUp, restMs } from "./session.ts";

const words = "new cables";

/** The words of who ends the session arrive (RFC 9003). */
export async function shutdownMessage(meeting: Meeting, from: End): Promise<void> {
  await isUp(meeting);
  await meeting.shutdown(from, words);
  await using again = new AsyncDisposableStack();
  // Other programs keep the session shut until they start again.
  const isOurs = meeting.pair[from] === "speaker";
  if (!isOurs)
    again.defer(
      async () => void (await perform({ type: "restart", router: meeting.router(from) }, meeting.asked)),
    );
  await meeting.until("the words of a shutdown", async () => {
    const heard = meeting.wire.heard.some((each) => each.from === from && each.text.includes(words));
    if (!heard) return `${meeting.pair[from]} has not told them`;
    const to = otherEnd[from];
    return (await meeting.raw(to)).includes(words) ? undefined : `${meeting.pair[to]} does not show them`;
  });
}

/** The link goes down and comes back, and with it the session, or over it, and the routes. */
export async function linkFlap(meeting: Meeting): Promise<void> {
  await isUp(meeting);
  const action = { type: "link-flap", router: meeting.router("a"), ifname: "eth0", forMs: 1000 } as const;
  await perform(action, meeting.asked);
  await isBack(meeting);
}

/** The session is up, messages go both ways, and routes are there. */
export async function isBack(meeting: Meeting): Promise<void> {
  const mark = meeting.wire.heard.length;
  await meeting.until("the session after it", () => meeting.notUp(), restMs);
  await meeting.until("messages after it", () => {
    const silent = (["a", "b"] as const).find(
      (end) => !meeting.wire.since(mark).some(({ from }) => from === end),
    );
    return silent && `none of ${meeting.pair[silent]}`;
  });
  await routesAreThere(meeting);
}

/** Both know the way to the other. */
export async function routesAreThere(meeting: Meeting): Promise<void> {
  for (const end of ["a", "b"] as const) {
    const wanted = prefixesOf(otherEnd[end]).own[1];
    await meeting.until("routes after it", async () => {
      const { routes } = await meeting.status(end);
      const own = routes.some(({ router, prefix }) => router === meeting.router(end) && prefix === wanted);
      return own ? undefined : `${meeting.pair[end]} has no route to ${wanted}`;
    });
  }
}

/** One end is ended as its service would be, and started again. */
export async function restart(meeting: Meeting, from: End): Promise<void> {
  await isUp(meeting);
  await perform({ type: "restart", router: meeting.router(from) }, meeting.asked);
  await isBack(meeting);
}
