import type { SpeakerConfig } from "../bgp/config/config.ts";
import type { NodePlan } from "../plan/plan.ts";
import { type Daemon, fileOf, type Kind, type KindContext, type Place, placeOf, speakerOf } from "./kind.ts";
import { speakerCommand } from "./speaker-command.ts";
import { type Load, spreadRouters } from "./spread.ts";

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
  const program = contained ? speakerOf(contained, context) : context.speaker;
  return {
    name,
    routers: nodes.map((node) => node.name),
    place,
    command: speakerCommand(program),
    files: [],
    input: JSON.stringify(config),
    log: `${context.directory}/${name}.out`,
    probe: { type: "control", socket: fileOf({ place }, path) },
  };
}
