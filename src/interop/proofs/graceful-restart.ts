import { perform } from "../../lab/actions/perform.ts";
import type { Meeting } from "../meeting.ts";
import { type End, otherEnd } from "../pair.ts";
import { Unproven } from "../patience.ts";
import { layWay, lostIn, lostOf, Pings } from "../pings.ts";
import { prefixesOf } from "../topologies.ts";
import { isBack, routesAreThere } from "./faults.ts";
import { isUp } from "./session.ts";

/**
 * One end is killed and starts again; the other keeps its routes meanwhile, and gets an End-of-RIB marker (RFC 4724). Where both
 * give the kernel routes, packets go through both all the time.
 */
export async function gracefulRestart(meeting: Meeting, from: End): Promise<void> {
  await isUp(meeting);
  await routesAreThere(meeting);
  const helper = otherEnd[from];
  if (!(await bothForward(meeting))) return await restartGracefully(meeting, from, async () => {});
  await layWay(meeting, from);
  await using pings = new Pings(meeting, helper);
  await restartGracefully(meeting, from, async () => {
    const lost = await lostOf(WHILE_DEAD, meeting, helper);
    if (lost > 0) throw new Unproven(`${lost} of ${WHILE_DEAD} pings were lost while it was dead`);
  });
  const answered = await pings.answered();
  const lost = lostIn(answered);
  if (lost > 0) throw new Unproven(`${lost} of ${lost + answered.length} pings were lost`);
}

/** So many pings go through who is dead. */
const WHILE_DEAD = 10;

/** Whether the kernel of both has the way to the other. */
async function bothForward(meeting: Meeting): Promise<boolean> {
  const ways = await Promise.all((["a", "b"] as const).map((end) => kernelWay(meeting, end)));
  return ways.every((way) => way === "installed");
}

/** What the kernel of one end makes of its route to the other's prefix; undefined if it has no route. */
async function kernelWay(meeting: Meeting, end: End): Promise<string | undefined> {
  const wanted = prefixesOf(otherEnd[end]).own[1];
  const { routes } = await meeting.status(end);
  return routes.find(({ router, prefix }) => router === meeting.router(end) && prefix === wanted)?.kernel;
}

async function restartGracefully(meeting: Meeting, from: End, whileDead: () => Promise<void>): Promise<void> {
  const helper = otherEnd[from];
  const router = meeting.router(from);
  await perform({ type: "kill", router }, meeting.asked);
  await using startAgain = new AsyncDisposableStack();
  startAgain.defer(async () => void (await perform({ type: "start", router }, meeting.asked)));
  await meeting.until("the session is lost", async () =>
    (await meeting.session(helper)).state === "Established"
      ? `${meeting.pair[helper]} has not noticed`
      : undefined,
  );
  if (!["installed", "none"].includes((await kernelWay(meeting, helper)) ?? "")) {
    throw new Unproven(`${meeting.pair[helper]} has not kept its route to what ${meeting.pair[from]} tells`);
  }
  await whileDead();
  const mark = meeting.wire.heard.length;
  await startAgain.disposeAsync();
  await isBack(meeting);
  await meeting.until("End-of-RIB", () =>
    meeting.wire.since(mark).some((each) => each.from === from && each.update?.endOfRib === 6)
      ? undefined
      : `${meeting.pair[from]} has not sent it`,
  );
}
