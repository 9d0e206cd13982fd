import type { Meeting } from "./meeting.ts";
import { type End, otherEnd } from "./pair.ts";
import { addressOf, feedersOf, prefixesOf } from "./topologies.ts";

/** An answer to a ping. */
interface Answer {
  readonly sequence: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly atMs: number;
}

/** Pings from behind one end, through both, to behind the other, until it is stopped; disposing of it stops it too. */
export class Pings implements AsyncDisposable {
  readonly #stop = new AbortController();
  readonly #output: Promise<string>;

  /** What fails is told by {@link Pings.answers}. */
  constructor(meeting: Meeting, from: End) {
    this.#output = meeting.capture(from, [...words(from, "-D"), "-i", "0.02"], this.#stop.signal);
    this.#output.catch(() => {});
  }

  /** Stops, and tells which pings were answered, in their order. @throws {LabError} */
  async answers(): Promise<readonly Answer[]> {
    this.#stop.abort();
    const found = (await this.#output).matchAll(/^\[([\d.]+)\] .* icmp_seq=(\d+) .*time=/gm);
    return Array.from(found, ([, seconds, sequence]) => ({
      sequence: Number(sequence),
      atMs: 1000 * Number(seconds),
    }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#output.catch(() => {});
  }
}

/** How many were lost between the first answer and the last. */
export function lostIn(answers: readonly Answer[]): number {
  const [first, last] = [answers[0], answers.at(-1)];
  return first && last ? last.sequence - first.sequence + 1 - answers.length : 0;
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
  await meeting.until("a way through both", async () => {
    const output = await meeting.capture(otherEnd[end], words(otherEnd[end], "-c", "1", "-W", "1"));
    return output.includes("time=") ? undefined : "a ping had no answer";
  });
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
