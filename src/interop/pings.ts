import type { Meeting } from "./meeting.ts";
import { type End, otherEnd } from "./pair.ts";
import { addressOf, feedersOf, prefixesOf } from "./topologies.ts";

/** Pings from behind one end, through both, to behind the other, until it is stopped; disposing of it stops it too. */
export class Pings implements AsyncDisposable {
  readonly #stop = new AbortController();
  readonly #output: Promise<string>;

  /** What fails is told by {@link Pings.answered}. */
  constructor(meeting: Meeting, from: End) {
    this.#output = meeting.capture(from, words(from, "-i", "0.02"), this.#stop.signal);
    this.#output.catch(() => {});
  }

  /** Stops, and tells which pings were answered. @throws {LabError} */
  async answered(): Promise<readonly number[]> {
    this.#stop.abort();
    return answersIn(await this.#output);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#output.catch(() => {});
  }
}

/** The numbers of all pings that had an answer, in the words of ping(8). */
export function answersIn(output: string): number[] {
  return Array.from(output.matchAll(/ icmp_seq=(\d+) .*time=/g), ([, sequence]) => Number(sequence));
}

/** How many were lost between the first answer and the last. */
export function lostIn(answered: readonly number[]): number {
  const [first, last] = [answered[0], answered.at(-1)];
  return first !== undefined && last !== undefined ? last - first + 1 - answered.length : 0;
}

/** Pings some times, and tells how often there was no answer. */
export async function lostOf(count: number, meeting: Meeting, from: End): Promise<number> {
  const output = await meeting.capture(from, words(from, "-c", `${count}`, "-i", "0.02", "-W", "1"));
  return count - answersIn(output).length;
}

/**
 * Puts an address behind one end, which tells of it itself, and waits until it is reached from behind the other. Those behind it
 * have static routes alone, so that it matters to nobody when their own sessions are back.
 *
 * @throws {Unproven}
 */
export async function layWay(meeting: Meeting, end: End): Promise<void> {
  const { near, far } = linkBehind(meeting, end);
  const [source, target] = [addressOf(otherEnd[end]), behind(end)];
  await meeting.runAt(far.router, ["ip", "-6", "address", "replace", `${target}/128`, "dev", "lo"]);
  const route = (to: string, via: typeof near, ifname: string) =>
    ["ip", "-6", "route", "replace", to, "via", via.linkLocal, "dev", ifname, "metric", "1"] as const;
  await meeting.runAt(far.router, route(source, near, far.ifname));
  await meeting.runAt(near.router, route(target, far, near.ifname));
  await meeting.until("a way through both", async () =>
    (await lostOf(1, meeting, otherEnd[end])) > 0 ? "a ping had no answer" : undefined,
  );
}

/** The link between one end and the first of our routers behind it. */
function linkBehind(meeting: Meeting, end: End) {
  const names = [meeting.router(end), feedersOf[end][0]];
  for (const { ends } of meeting.asked.plan.links) {
    const [near, far] = names.map((name) => ends.find((each) => each.router === name));
    if (near && far) return { near, far };
  }
  throw new RangeError(`nobody is behind ${names[0]}`);
}

/** In the prefix that an end itself tells of. */
function behind(end: End): string {
  return prefixesOf(end).own[1]?.replace(/\/.*/, "b") ?? "";
}

function words(from: End, ...options: string[]): ["ping", ...string[]] {
  return ["ping", "-n", ...options, "-I", addressOf(from), behind(otherEnd[from])];
}
