import { type Endpoint, formatEndpoint } from "../../net/endpoint.ts";
import type { Check } from "../../plan/plan.ts";

/** That a request was seen at an interface. */
export interface Passage extends Endpoint {
  /** Whether the interface sent it, or received it. */
  readonly sent: boolean;
  readonly hopLimit: number;
}

/** Who sent a request on, the first one who made it: nobody else has its hop limit. */
export function wayOf(passages: readonly Passage[]): Endpoint[] {
  const senders = new Map(passages.filter(({ sent }) => sent).map((each) => [each.hopLimit, each]));
  return [...senders.values()]
    .toSorted((a, b) => b.hopLimit - a.hopLimit)
    .map(({ router, ifname }) => ({ router, ifname }));
}

/** Whether a request has been seen all the way from one router to another. */
export function isWhole(passages: readonly Passage[], { from, to }: { from: string; to: string }): boolean {
  const limits = new Set(passages.filter(({ sent }) => sent).map(({ hopLimit }) => hopLimit));
  const first = passages.find(({ sent, router }) => sent && router === from)?.hopLimit;
  const last = passages.find(({ sent, router }) => !sent && router === to)?.hopLimit;
  if (first === undefined || last === undefined) return false;
  return Array.from({ length: first - last + 1 }, (_, index) => last + index).every((each) =>
    limits.has(each),
  );
}

/** What is not as a check wants the way to be, as a sentence. */
export function wayMismatch(
  { router, to, through = [] }: Extract<Check, { type: "ping" }>,
  way: readonly Endpoint[],
): string | undefined {
  const between = way.slice(1);
  const isSo =
    between.length === through.length &&
    through.every(({ router, ifname }, index) => {
      const found = between[index];
      return found?.router === router && (ifname === undefined || found.ifname === ifname);
    });
  if (isSo) return undefined;
  const wanted = through.map(({ router, ifname }) => (ifname === undefined ? router : `${router}:${ifname}`));
  return `${router} reaches ${to} ${words(between.map(formatEndpoint))}, expected ${words(wanted)}`;
}

const words = (way: readonly string[]) => (way.length === 0 ? "directly" : `through ${way.join(", ")}`);
