import type { NodePlan, Plan } from "../plan/plan.ts";
import type { KindName } from "../topology/topology.ts";
import { bird } from "./bird.ts";
import { exabgp } from "./exabgp/exabgp.ts";
import { frr } from "./frr/frr.ts";
import { gobgp } from "./gobgp/gobgp.ts";
import type { Daemon, Kind, KindContext } from "./kind.ts";
import { openbgpd } from "./openbgpd/openbgpd.ts";
import { peersOf } from "./peers.ts";
import { loadOf, speaker } from "./speaker.ts";
import { type Spread, type Spreading, spreadRouters } from "./spread.ts";

const kinds: Readonly<Record<KindName, Kind>> = { speaker, bird, frr, gobgp, openbgpd, exabgp };

/** All processes of a lab, kind by kind. */
export function daemonsOf(plan: Plan, context: KindContext): Daemon[] {
  const peers = peersOf(plan);
  return nodesByKind(plan).flatMap(([kind, nodes]) => kinds[kind].daemons(nodes, { ...context, peers }));
}

/** Which process runs which router of our own speaker. */
export function spreadOf({ nodes }: Plan, spreading: Spreading): Spread {
  return spreadRouters(nodes.filter(({ kind }) => kind === "speaker").map(loadOf), spreading);
}

/** The programs that a lab's kinds need on the machine, with the packages that have them. */
export function programsOf(plan: Plan): NonNullable<Kind["needs"]>[] {
  return nodesByKind(plan).flatMap(([kind]) => kinds[kind].needs ?? []);
}

function nodesByKind(plan: Plan): [KindName, readonly NodePlan[]][] {
  return [...Map.groupBy(plan.nodes, (node) => node.kind)];
}
