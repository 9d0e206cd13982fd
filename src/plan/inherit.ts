import { formatEndpoint } from "../net/endpoint.ts";
import { bridgeName, endsOf, firstIfindex, firstPort, macFromNumber, portName } from "./links.ts";
import type { GivenNumber, LinkEndPlan, Plan, SegmentEndPlan, SegmentPlan } from "./plan.ts";

/**
 * A plan with the numbers and names that a running lab has for the same things, where the topology leaves them open: a link
 * that comes in the middle of a file does not renumber those behind it.
 *
 * @param former what is running
 */
export function inherit(plan: Plan, former: Plan): Plan {
  const segments = namesakes(plan.segments, former.segments);
  const numbered = numberEnds(plan, former);
  const taken = new Set(former.segments.map(({ bridge }) => bridge));
  // The bridges of a lab are all in one place.
  const [lan] = former.segments;
  const bridges = free((number) => bridgeName(number + 1), taken);
  const ports = free((number) => firstPort + number, new Set(portsOf(former).map(({ ifindex }) => ifindex)));
  return {
    ...plan,
    links: plan.links.map((link) => ({ ...link, ends: [numbered(link.ends[0]), numbered(link.ends[1])] })),
    segments: plan.segments.map(({ container: wanted, ...segment }, index) => {
      const container = lan ? lan.container : wanted;
      const namesake = segments[index];
      const bridge = namesake?.bridge ?? bridges();
      const kept = new Map(namesake?.ends.map((end) => [formatEndpoint(end), end.port]));
      const names = free(
        (number) => portName(bridge, number),
        new Set([...kept.values()].map(({ ifname }) => ifname)),
      );
      const ends = segment.ends.map((end) => {
        const port = kept.get(formatEndpoint(end)) ?? { ifname: names(), ifindex: ports() };
        return { ...numbered(end), port };
      });
      return { ...segment, ...(container && { container }), bridge, ends };
    }),
  };
}

/** For each shared link the running one that has an end of it, each once; undefined for a new one. */
function namesakes(
  segments: readonly SegmentPlan[],
  former: readonly SegmentPlan[],
): (SegmentPlan | undefined)[] {
  const left = new Set(former);
  return segments.map(({ ends }) => {
    const own = new Set(ends.map(formatEndpoint));
    const found = [...left].find((segment) => segment.ends.some((end) => own.has(formatEndpoint(end))));
    if (found) left.delete(found);
    return found;
  });
}

/** Interfaces keep their numbers unless the file gives others, or gives theirs to another one of the router; new ones get what is free. */
function numberEnds(plan: Plan, former: Plan): <End extends LinkEndPlan>(end: End) => End {
  const ifindexOf = numbersOf("ifindex", { plan, former }, (number) => firstIfindex + number);
  const macOf = numbersOf("mac", { plan, former }, (number) => macFromNumber(number + 1));
  return (end) => ({ ...end, ifindex: ifindexOf(end), mac: macOf(end) });
}

function numbersOf<Key extends GivenNumber>(
  key: Key,
  { plan, former }: { plan: Plan; former: Plan },
  series: (number: number) => LinkEndPlan[Key],
): (end: LinkEndPlan) => LinkEndPlan[Key] {
  const known = new Map(endsOf(former).map((end) => [formatEndpoint(end), end[key]]));
  const given = endsOf(plan).filter((end) => end.given?.includes(key));
  const demanded = new Set(given.map((end) => `${end.router} ${end[key]}`));
  const next = free(series, new Set([...known.values(), ...given.map((end) => end[key])]));
  return (end) => {
    const number = known.get(formatEndpoint(end));
    if (end.given?.includes(key)) return end[key];
    return number !== undefined && !demanded.has(`${end.router} ${number}`) ? number : next();
  };
}

/** Gives, one after another, those of a series from 0 on that nobody has. */
function free<T>(series: (number: number) => T, taken: ReadonlySet<unknown>): () => T {
  let number = 0;
  return () => {
    for (;;) {
      const candidate = series(number++);
      if (!taken.has(candidate)) return candidate;
    }
  };
}

const portsOf = ({ segments }: Plan): SegmentEndPlan["port"][] =>
  segments.flatMap(({ ends }) => ends.map(({ port }) => port));
