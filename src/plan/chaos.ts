import type { Endpoint } from "../net/endpoint.ts";
import { sessionName } from "../net/session-name.ts";
import { Random } from "../std/random.ts";
import { formatStepAction, type StepAction } from "../topology/action.ts";
import { abilitiesOf } from "../topology/kind-abilities.ts";
import type { Chaos, Step } from "../topology/step.ts";
import type { Link, Router, Topology } from "../topology/topology.ts";

/** A fault, and what takes it away again. */
interface Fault {
  readonly actions: readonly StepAction[];
  readonly remedy: readonly StepAction[];
}

/**
 * The faults that a seed chooses for a lab, as steps in pairs: a fault, and its healing.
 *
 * The same lab, number and seed always give the same steps. About one in four strikes twice at once.
 */
export function chaosSteps(topology: Topology, step: Step & { readonly work: Chaos }): Step[] {
  const random = new Random(step.work.seed);
  return Array.from({ length: step.work.faults }, (_, index) => {
    const faults = chooseTogether(topology, random);
    const part = (actions: readonly StepAction[]): Step => {
      const name = `${step.name}: ${words(actions)} (${index + 1} of ${step.work.faults})`;
      return { ...step, name, work: { type: "actions", actions } };
    };
    return [
      part(faults.flatMap(({ actions }) => actions)),
      part([{ type: "heal" }, ...faults.flatMap(({ remedy }) => remedy)]),
    ];
  }).flat();
}

/** One fault, or two that befall different routers. */
function chooseTogether(topology: Topology, random: Random): Fault[] {
  const first = choose(topology, random);
  if (!random.chance(0.25)) return [first];
  const second = choose(topology, random);
  const hit = routersOf(first);
  return [...routersOf(second)].some((router) => hit.has(router)) ? [first] : [first, second];
}

const routersOf = ({ actions }: Fault) =>
  new Set(actions.flatMap((action) => ("router" in action ? action.router : [])));

/** So many actions a name tells of. */
const told = 2;

function words(actions: readonly StepAction[]): string {
  const more = actions.length > told ? ` and ${actions.length - told} more` : "";
  return `${actions.slice(0, told).map(formatStepAction).join(", ")}${more}`;
}

/** Draws until there is a fault that can befall the lab; that some router is killed can always be. */
function choose(topology: Topology, random: Random): Fault {
  for (;;) {
    const fault = random.pick(faults)(topology, random);
    if (fault !== undefined && fault.actions.length > 0) return fault;
  }
}

const healedBy = (actions: readonly StepAction[], remedy: readonly StepAction[] = []): Fault => ({
  actions,
  remedy,
});

/** Draws a fault; undefined where there is nothing that it could befall. */
const faults: readonly ((topology: Topology, random: Random) => Fault | undefined)[] = [
  ({ links }, random) => onEnd("link-down", links, random),
  ({ links }, random) => {
    const end = endOf(links, random);
    return end && healedBy([{ type: "link-flap", ...end, forMs: random.below(500) + 1 }]);
  },
  ({ links }, random) => onEnd("blackhole", links, random),
  ({ links }, random) => {
    const cables = links.filter(({ segment }) => segment === null);
    return cables.length === 0 ? undefined : healedBy(blackholes([random.pick(cables)]));
  },
  ({ routers }, random) => onRouter("kill", routers, random),
  ({ routers }, random) => onRouter("stop", routers, random),
  ({ routers }, random) => onRouter("restart", routers, random),
  ({ routers }, random) => onRouter("pause", routers, random),
  partition,
  reset,
  withdrawal,
];

function onEnd(type: "link-down" | "blackhole", links: readonly Link[], random: Random): Fault | undefined {
  const end = endOf(links, random);
  return end && healedBy([{ type, ...end }]);
}

function endOf(links: readonly Link[], random: Random): Endpoint | undefined {
  const ends = links.flatMap((link) => link.ends);
  if (ends.length === 0) return undefined;
  const { router, ifname } = random.pick(ends);
  return { router, ifname };
}

function onRouter(
  type: "kill" | "stop" | "restart" | "pause",
  routers: readonly Router[],
  random: Random,
): Fault {
  return healedBy([{ type, router: random.pick(routers).name }]);
}

/** Parts the routers in two, unless that would part those of a shared link. */
function partition({ routers, links }: Topology, random: Random): Fault | undefined {
  const side = new Set(routers.filter(() => random.chance(0.5)).map(({ name }) => name));
  const cut = links.filter(({ ends: [a, b] }) => side.has(a.router) !== side.has(b.router));
  return cut.some(({ segment }) => segment !== null) ? undefined : healedBy(blackholes(cut));
}

const blackholes = (links: readonly Link[]): StepAction[] =>
  links.flatMap(({ ends }) =>
    ends.map(({ router, ifname }) => ({ type: "blackhole", router, ifname }) as const),
  );

function reset({ routers, links }: Topology, random: Random): Fault | undefined {
  const byName = new Map(routers.map((router) => [router.name, router]));
  const ends = links
    .filter(({ expect }) => expect !== "none")
    .flatMap(({ ends: [a, b], segment }) => [
      { near: a, far: b, segment },
      { near: b, far: a, segment },
    ])
    .filter(({ near }) => abilitiesOf[byName.get(near.router)?.kind ?? "speaker"]?.resets ?? true);
  if (ends.length === 0) return undefined;
  const { near, far, segment } = random.pick(ends);
  const peer = segment === null ? null : (byName.get(far.router)?.linkLocal ?? null);
  return healedBy([
    { type: "reset", router: near.router, session: sessionName({ ifname: near.ifname, peer }) },
  ]);
}

function withdrawal({ routers }: Topology, random: Random): Fault | undefined {
  const able = routers.filter(({ kind, originate }) => kind === "speaker" && originate.length > 0);
  if (able.length === 0) return undefined;
  const { name: router, originate } = random.pick(able);
  const prefixes = [random.pick(originate)];
  return healedBy([{ type: "withdraw", router, prefixes }], [{ type: "announce", router, prefixes }]);
}
