import { refreshSubtypes } from "../../bgp/wire/message.ts";
import type { Meeting } from "../meeting.ts";
import { type End, otherEnd } from "../pair.ts";
import type { Heard } from "../wire.ts";
import { isUp } from "./session.ts";

const says = (subtype: keyof typeof refreshSubtypes) => (each: Heard) =>
  each.refresh === refreshSubtypes[subtype];

/** One end asks for all routes again, and gets them (RFC 2918). */
export async function routeRefresh(meeting: Meeting, from: End): Promise<void> {
  const answer = await ask(meeting, from);
  await meeting.until("the answer to a refresh", () =>
    answer().some(({ update }) => (update?.announced.length ?? 0) > 0)
      ? undefined
      : `${meeting.pair[otherEnd[from]]} has announced nothing since`,
  );
}

/** The answer has its beginning and its end marked (RFC 7313). */
export async function enhancedRefresh(meeting: Meeting, from: End): Promise<void> {
  const answer = await ask(meeting, from);
  for (const subtype of ["begin", "end"] as const) {
    await meeting.until(`the ${subtype} of the answer to a refresh`, () =>
      answer().some(says(subtype)) ? undefined : `${meeting.pair[otherEnd[from]]} has not marked it`,
    );
  }
}

/** @returns what the other end has sent since it was asked, on the connection on which it was */
async function ask(meeting: Meeting, from: End): Promise<() => readonly Heard[]> {
  await isUp(meeting);
  const { wire } = meeting;
  const mark = wire.heard.length;
  await meeting.refresh(from);
  let after = -1;
  await meeting.until("a refresh", () => {
    after = wire.heard.findIndex(
      (each, index) => index >= mark && each.from === from && says("request")(each),
    );
    return after < 0 ? `${meeting.pair[from]} has not asked` : undefined;
  });
  const port = wire.heard[after]?.port;
  return () => wire.since(after).filter((each) => each.from !== from && each.port === port);
}
