import type { SpeakerConfig } from "../bgp/config/config.ts";
import type { NodePlan } from "../plan/plan.ts";
import { type Daemon, fileOf, type Kind, type KindContext, type Place, placeOf, speakerOf } from "./kind.ts";
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

/** Each container has a process of its own. */
export function loadOf({ name, container, router }: NodePlan): Load {
  return { name, sessions: router.sessions.length, isAlone: container !== undefined };
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
