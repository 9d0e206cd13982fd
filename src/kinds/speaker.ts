import type { SpeakerConfig } from "../bgp/config/config.ts";
import type { NodePlan } from "../plan/plan.ts";
import type { Daemon, Kind, KindContext } from "./kind.ts";

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
    const count = processCount(nodes.length, context);
    return Array.from({ length: count }, (_, index) =>
      daemon(`speaker-${index + 1}`, slice(nodes, { index, count }), context),
    );
  },
};

function processCount(routers: number, { processes }: KindContext): number {
  return processes === "isolated" ? routers : Math.min(processes, Math.ceil(routers / ROUTERS_A_PROCESS));
}

function daemon(name: string, nodes: readonly NodePlan[], context: KindContext): Daemon {
  const socket = `${context.directory}/${name}.sock`;
  const config: SpeakerConfig = { control: socket, routers: nodes.map(({ router }) => router) };
  return {
    name,
    routers: nodes.map((node) => node.name),
    place: { type: "machine" },
    command: [context.speaker.node, ...nodeOptions, context.speaker.program, "/dev/stdin"],
    files: [],
    input: JSON.stringify(config),
    log: `${context.directory}/${name}.out`,
    probe: { type: "control", socket: { path: socket, container: undefined } },
  };
}

/** One of `count` contiguous parts, whose sizes differ by at most one. */
function slice<T>(items: readonly T[], { index, count }: { index: number; count: number }): readonly T[] {
  const cut = (part: number) => Math.floor((part * items.length) / count);
  return items.slice(cut(index), cut(index + 1));
}
