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
    const count = processCount(outside.length, context);
    const shares = Array.from({ length: count }, (_, index) => slice(outside, { index, count }));
    // Each container has a process of its own.
    const inside = nodes.filter(({ container }) => container).map((node) => [node]);
    return [...shares, ...inside].map((own, index) => daemon(`speaker-${index + 1}`, own, context));
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

/** One of `count` contiguous parts, whose sizes differ by at most one. */
function slice<T>(items: readonly T[], { index, count }: { index: number; count: number }): readonly T[] {
  const cut = (part: number) => Math.floor((part * items.length) / count);
  return items.slice(cut(index), cut(index + 1));
}
