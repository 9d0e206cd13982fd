import type { NodePlan, Plan } from "../plan/plan.ts";
import type { KindName } from "../topology/topology.ts";
import { bird } from "./bird.ts";
import type { Daemon, Kind, KindContext } from "./kind.ts";
import { speaker } from "./speaker.ts";

const kinds: Readonly<Record<KindName, Kind>> = { speaker, bird };

/** All processes of a lab, kind by kind. */
export function daemonsOf(plan: Plan, context: KindContext): Daemon[] {
  return nodesByKind(plan).flatMap(([kind, nodes]) => kinds[kind].daemons(nodes, context));
}

/** The programs that a lab's kinds need on the machine, with the packages that have them. */
export function programsOf(plan: Plan): NonNullable<Kind["needs"]>[] {
  return nodesByKind(plan).flatMap(([kind]) => kinds[kind].needs ?? []);
}

function nodesByKind(plan: Plan): [KindName, readonly NodePlan[]][] {
  return [...Map.groupBy(plan.nodes, (node) => node.kind)];
}
