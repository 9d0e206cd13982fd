import type { NodePlan, Plan } from "../plan/plan.ts";
import type { KindName } from "../topology/topology.ts";
import { bird } from "./bird.ts";
import { exabgp } from "./exabgp/exabgp.ts";
import { frr } from "./frr/frr.ts";
import { gobgp } from "./gobgp/gobgp.ts";
import type { Daemon, Kind, KindContext } from "./kind.ts";
import { openbgpd } from "./openbgpd/openbgpd.ts";
import { peersOf } from "./peers.ts";
import { speaker } from "./speaker.ts";

const kinds: Readonly<Record<KindName, Kind>> = { speaker, bird, frr, gobgp, openbgpd, exabgp };

/** All processes of a lab, kind by kind. */
export function daemonsOf(plan: Plan, context: KindContext): Daemon[] {
  const peers = peersOf(plan);
  return nodesByKind(plan).flatMap(([kind, nodes]) => kinds[kind].daemons(nodes, { ...context, peers }));
}

/** The programs that a lab's kinds need on the machine, with the packages that have them. */
export function programsOf(plan: Plan): NonNullable<Kind["needs"]>[] {
  return nodesByKind(plan).flatMap(([kind]) => needsOf(kind) ?? []);
}

/** The program that a kind needs on the machine, with the package that has it; undefined for what comes with fe80. */
export function needsOf(kind: KindName): Kind["needs"] {
  return kinds[kind].needs;
}

function nodesByKind(plan: Plan): [KindName, readonly NodePlan[]][] {
  return [...Map.groupBy(plan.nodes, (node) => node.kind)];
}
