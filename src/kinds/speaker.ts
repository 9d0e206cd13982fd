import type { SpeakerConfig } from "../bgp/config/config.ts";
import type { NodePlan } from "../plan/plan.ts";
import { type Daemon, fileOf, type Kind, type KindContext, type Place, placeOf, speakerOf } from "./kind.ts";

/**
 * So many routers at least share a process: until its sessions keep it busy, starting a process costs more than it gives
 * (`bench/`).
 */
const ROUTERS_A_PROCESS = 16;

/**
 * What Node is told: a young generation of more than 2 × 8 MiB makes a speaker with a million routes no faster, and 80 MB
 * larger; and objects that mostly die young are made there, or they fill the old one with another 20 to 50 MB.
 */
export const nodeOptions = ["--max-semi-space-size=8", "--no-allocation-site-pretenuring"] as const;

/** Our own speaker: a process hosts many routers, each in its own namespace. */
export const speaker: Kind = {
  needs: undefined,
  daemons(nodes, context) {
    const outside = nodes.filter(({ container }) => !container);
    // Each container has a process of its own.
    const inside = nodes.filter(({ container }) => container).map((node) => [node]);
    const parts = [...partsOf(outside, processCount(outside.length, context)), ...inside];
    return parts.map((part, index) => daemon(`speaker-${index + 1}`, part, context));
  },
};

function processCount(routers: number, { processes }: KindContext): number {
  return processes === "isolated" ? routers : Math.min(processes, Math.ceil(routers / ROUTERS_A_PROCESS));
}

function daemon(name: string, nodes: readonly NodePlan[], context: KindContext): Daemon {
  const path = `${context.directory}/${name}.sock`;
  const config: SpeakerConfig = { control: path, routers: nodes.map(({ router }) => router) };
  const contained = nodes.find(({ container }) => container);
  const place: Place = contained ? placeOf(contained) : { type: "machine" };
  const { node, program } = contained ? speakerOf(contained, context) : context.speaker;
  return {
    name,
    routers: nodes.map((node) => node.name),
    place,
    command: [node, ...nodeOptions, program, "/dev/stdin"],
    files: [],
    input: JSON.stringify(config),
    log: `${context.directory}/${name}.out`,
    probe: { type: "control", socket: fileOf({ place }, path) },
  };
}

/** At most `count` contiguous parts that have about as much to do: neighbors mostly share a process. */
function partsOf(nodes: readonly NodePlan[], count: number): (readonly NodePlan[])[] {
  if (count === nodes.length) return nodes.map((node) => [node]);
  const loads: number[] = [0];
  for (const { router } of nodes) loads.push((loads.at(-1) ?? 0) + 1 + router.sessions.length);
  const cuts = Array.from({ length: count + 1 }, (_, part) =>
    nearest(loads, (part * (loads.at(-1) ?? 0)) / count),
  );
  return cuts
    .slice(1)
    .map((cut, index) => nodes.slice(cuts[index], cut))
    .filter((part) => part.length > 0);
}

/** The place of the number of an ascending list that is nearest to another one. */
function nearest(list: readonly number[], target: number): number {
  const after = list.findIndex((number) => number >= target);
  const [below = Number.NEGATIVE_INFINITY, above = Number.POSITIVE_INFINITY] = [list[after - 1], list[after]];
  return target - below <= above - target ? after - 1 : after;
}
