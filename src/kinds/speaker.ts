import type { SpeakerConfig } from "../bgp/config/config.ts";
import type { NodePlan } from "../plan/plan.ts";
import type { Daemon, Kind, KindContext } from "./kind.ts";
import { type Load, spreadRouters } from "./spread.ts";

/**
 * What Node is told: a young generation of more than 2 × 8 MiB makes a speaker with a million routes no faster, and 80 MB
 * larger; and objects that mostly die young are made there, or they fill the old one with another 20 to 50 MB.
 */
export const nodeOptions = ["--max-semi-space-size=8", "--no-allocation-site-pretenuring"] as const;

/** Our own speaker: a process hosts many routers, each in its own namespace. */
export const speaker: Kind = {
  needs: undefined,
  daemons(nodes, context) {
    const byName = new Map(nodes.map((node) => [node.name, node]));
    const spread = spreadRouters(nodes.map(loadOf), context);
    return Object.entries(spread).map(([name, members]) =>
      daemon(
        name,
        members.flatMap((member) => byName.get(member) ?? []),
        context,
      ),
    );
  },
};

export const loadOf = ({ name, router }: NodePlan): Load => ({ name, sessions: router.sessions.length });

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
