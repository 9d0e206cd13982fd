import { differenceOf } from "../bgp/config/difference.ts";
import type { Daemon } from "../kinds/kind.ts";
import { type Endpoint, formatEndpoint } from "../net/endpoint.ts";
import { type NetworkChange, networkDifference, unlink } from "../plan/difference.ts";
import { bridgesMember } from "../plan/far-end.ts";
import type { LabChange, ProcessChange } from "../plan/lab-change.ts";
import { endsOf } from "../plan/links.ts";
import type { Plan } from "../plan/plan.ts";
import { presentPart } from "../plan/present.ts";
import type { Survey } from "../runtime/runtime.ts";

/** A plan, and the processes that run it. */
export interface Manned {
  readonly plan: Plan;
  readonly daemons: readonly Daemon[];
}

/**
 * All that must be done for a lab to become what a plan says, in the order in which it is to be done.
 *
 * What the machine shows decides: what is on record and not there is made again, and what is in the way is removed.
 *
 * @param before what is on record @param after has inherited the numbers of `before`
 * @param sure whether all that the machine does not show is as on record
 */
export function labDifference(
  { before, after }: { before: Manned; after: Manned },
  { found, sure }: { found: Survey; sure: boolean },
): readonly LabChange[] {
  const present = presentPart(before.plan, found);
  const changes = networkDifference(present, after.plan, { sure });
  const network = [...obstacles({ present, after: after.plan, changes }, found), ...changes];
  const made = new Set(network.flatMap((change) => (change.type === "addRouter" ? [change.node.name] : [])));
  const processes = processChanges({ before, after }, { found, sure, made });
  const isEarly = ({ type }: ProcessChange) => type === "stop" || type === "leave";
  return [...processes.filter(isEarly), ...network, ...processes.filter((change) => !isEarly(change))];
}

/** What of the lab nobody has on record: namespaces, and interfaces where others are to be. */
function obstacles(
  { present, after, changes }: { present: Plan; after: Plan; changes: readonly NetworkChange[] },
  { interfaces }: Survey,
): NetworkChange[] {
  const namespace = (member: string) => `fe80.${after.lab}.${member}`;
  const members = [...present.nodes, ...present.hosts].map(({ netns }) => netns);
  const known = new Set([...members, namespace(bridgesMember)]);
  const strays = [...interfaces.keys()].filter((netns) => !known.has(netns));
  const gone = new Set(
    changes.flatMap((change) => (change.type === "unlink" ? change.ends.map(formatEndpoint) : [])),
  );
  const isInTheWay = (end: Endpoint) =>
    interfaces.get(namespace(end.router))?.includes(end.ifname) === true && !gone.has(formatEndpoint(end));
  const cleared = changes.flatMap((change): NetworkChange[] => {
    if (change.type === "link" && change.link.ends.some(isInTheWay)) return [unlink(change.link.ends)];
    if (change.type !== "plug") return [];
    const { bridge, ends } = change.segment;
    return ends.filter(isInTheWay).map((end) => ({ ...unlink([end]), bridge }));
  });
  const removed = strays.map((netns) => {
    const name = netns.slice(namespace("").length);
    return { type: "removeRouter", name, netns } as const;
  });
  return [...cleared, ...removed];
}

interface Facts {
  readonly found: Survey;
  readonly sure: boolean;
  /** Routers whose namespaces are made anew, in which nobody runs yet. */
  readonly made: ReadonlySet<string>;
}

function processChanges({ before, after }: { before: Manned; after: Manned }, facts: Facts): ProcessChange[] {
  const wanted = new Set(after.daemons.map(({ name }) => name));
  const former = new Map(before.daemons.map((daemon) => [daemon.name, daemon]));
  const running = new Map(facts.found.daemons.map(({ name, place }) => [name, place]));
  const strays = [...running.keys()].filter((name) => !wanted.has(name));
  return [
    ...strays.map(
      (daemon) => ({ type: "stop", daemon, routers: former.get(daemon)?.routers ?? [] }) as const,
    ),
    ...after.daemons.flatMap((daemon): ProcessChange[] => {
      const { name, routers } = daemon;
      const place = running.get(name);
      if (!place) return [{ type: "start", daemon: name, routers }];
      const old = former.get(name);
      const isMade = routers.some((router) => facts.made.has(router));
      const isElsewhere = containerOf(place) !== containerOf(daemon.place);
      // Our own enters new namespaces, but not new containers.
      const stays = !isElsewhere && !(isMade && containerOf(daemon.place));
      if (daemon.probe.type === "control" && stays)
        return memberChanges({ daemon, old, before, after }, facts);
      const isSame = facts.sure && stays && !isMade && isSameProgram(old, daemon);
      return isSame ? [] : [{ type: "restart", daemon: name, routers }];
    }),
  ];
}

const containerOf = (place: Daemon["place"]) => (place.type === "container" ? place.name : undefined);

/** Of the routers that share one of our own processes. */
function memberChanges(
  {
    daemon: { name: daemon, routers },
    old,
    before,
    after,
  }: { daemon: Daemon; old: Daemon | undefined; before: Manned; after: Manned },
  { sure, made }: Facts,
): ProcessChange[] {
  const former = new Set(old?.routers);
  const staying = new Set(routers.filter((router) => former.has(router) && !made.has(router)));
  const known = new Map(before.plan.nodes.map(({ name, router }) => [name, router]));
  return [
    ...[...former]
      .filter((router) => !staying.has(router))
      .map((router) => ({ type: "leave", daemon, router }) as const),
    ...after.plan.nodes.flatMap(({ name, router: config }): ProcessChange[] => {
      if (!routers.includes(name)) return [];
      const was = staying.has(name) && sure ? known.get(name) : undefined;
      const changes = was && differenceOf(was, config);
      return changes?.length === 0 ? [] : [{ type: "reconfigure", daemon, config, changes }];
    }),
  ];
}

function isSameProgram(before: Daemon | undefined, { place, command, files, input }: Daemon): boolean {
  const told = (daemon: Pick<Daemon, "place" | "command" | "files" | "input">) =>
    JSON.stringify([daemon.place, daemon.command, daemon.files, daemon.input]);
  return before !== undefined && told(before) === told({ place, command, files, input });
}

/** What there may be of a lab whose change has not come to its end: all of both plans. */
export function eitherOf(plan: Plan, former: Plan): Plan {
  const names = new Set([...plan.nodes, ...plan.hosts].map(({ name }) => name));
  const isOther = ({ name }: { readonly name: string }) => !names.has(name);
  const taken = new Set(endsOf(plan).map(formatEndpoint));
  const isFree = (end: Endpoint) => !taken.has(formatEndpoint(end));
  const bridges = new Set(plan.segments.map(({ bridge }) => bridge));
  return {
    ...plan,
    nodes: [...plan.nodes, ...former.nodes.filter(isOther)],
    hosts: [...plan.hosts, ...former.hosts.filter(isOther)],
    links: [...plan.links, ...former.links.filter(({ ends }) => ends.every(isFree))],
    segments: [...plan.segments, ...former.segments.filter(({ bridge }) => !bridges.has(bridge))],
  };
}
