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
  return nodesByKind(plan.nodes).flatMap(([kind, nodes]) =>
    kinds[kind].daemons(nodes, { ...context, peers }),
  );
}

/** What a kind must be allowed in a container beyond what all are. */
export function capabilitiesOf(kind: KindName): readonly string[] {
  return kinds[kind].capabilities ?? [];
}

/** Which process runs which router of our own speaker. */
export function spreadOf({ nodes }: Plan, spreading: Spreading): Spread {
  return spreadRouters(nodes.filter(({ kind }) => kind === "speaker").map(loadOf), spreading);
}

/** The programs that a lab's kinds need on the machine, with the packages that have them. */
export function programsOf({ nodes }: Plan): NonNullable<Kind["needs"]>[] {
  return nodesByKind(nodes.filter(({ container }) => !container)).flatMap(([kind]) => needsOf(kind) ?? []);
}

/** The program that a kind needs on the machine, with the package that has it; undefined for what comes with fe80. */
export function needsOf(kind: KindName): Kind["needs"] {
  return kinds[kind].needs;
}

function nodesByKind(nodes: readonly NodePlan[]): [KindName, readonly NodePlan[]][] {
  return [...Map.groupBy(nodes, (node) => node.kind)];
}
