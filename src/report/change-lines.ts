import type { RouterChange } from "../bgp/config/difference.ts";
import { effectsOf } from "../bgp/config/effect.ts";
import { type Endpoint, formatEndpoint } from "../net/endpoint.ts";
import { sessionName } from "../net/session-name.ts";
import type { LabChange } from "../plan/lab-change.ts";
import { count } from "./count.ts";
import { conditionsText } from "./plan-tables.ts";

/** What there is to be done for a lab to become what a plan says, step by step. No secret is told. */
export function changeLines(
  { lab, changes }: { lab: string; changes: readonly LabChange[] },
  { format }: { format: "table" | "json" },
): string[] {
  if (format === "json") {
    const told = changes.map((change) => ({ type: change.type, text: changeLine(change) }));
    return [JSON.stringify({ lab, changes: told }, undefined, 2)];
  }
  return [...changes.map(changeLine), `${lab}: ${changeSummary(changes)}`];
}

/** E.g. `1 router and 2 links added, 1 link removed`. */
export function changeSummary(changes: readonly LabChange[]): string {
  const named = changes.map(subjectOf);
  const fates = (["added", "removed", "changed"] as const).flatMap((fate) => {
    const parts = (["router", "host", "link"] as const).flatMap((noun) => {
      const number = namesWith(named, noun, fate).length;
      return number === 0 ? [] : [count(number, noun)];
    });
    return parts.length === 0 ? [] : [`${parts.join(" and ")} ${fate}`];
  });
  const processes = changes.filter(({ type }) => ["start", "stop", "restart"].includes(type)).length;
  if (fates.length > 0) return fates.join(", ");
  return processes > 0 ? `${count(processes, "process", "processes")} started or ended` : "nothing to change";
}

type Noun = "router" | "host" | "link";
type Fate = "added" | "removed" | "changed";

interface Subject {
  readonly noun: Noun;
  readonly fate: Fate;
  readonly names: readonly string[];
}

/** Who comes to this fate; what is removed and added again has changed. */
function namesWith(subjects: readonly Subject[], noun: Noun, fate: Fate): readonly string[] {
  const fates = new Map<string, Set<Fate>>();
  for (const subject of subjects) {
    if (subject.noun !== noun) continue;
    for (const name of subject.names) fates.set(name, (fates.get(name) ?? new Set()).add(subject.fate));
  }
  return [...fates].filter(([, all]) => fateOf(all) === fate).map(([name]) => name);
}

function fateOf(all: ReadonlySet<Fate>): Fate {
  if (all.has("added") === all.has("removed")) return "changed";
  return all.has("added") ? "added" : "removed";
}

/** What a step is about, to be counted. */
function subjectOf(change: LabChange): Subject {
  switch (change.type) {
    case "addRouter":
      return { noun: "router", fate: "added", names: [change.node.name] };
    case "addHost":
      return { noun: "host", fate: "added", names: [change.host.name] };
    case "removeRouter":
      return { noun: "router", fate: "removed", names: [change.name] };
    case "removeHost":
      return { noun: "host", fate: "removed", names: [change.name] };
    case "link":
      return { noun: "link", fate: "added", names: [linkName(change.link.ends)] };
    case "plug":
      return { noun: "link", fate: change.isNew ? "added" : "changed", names: [change.segment.bridge] };
    case "unlink":
      return change.bridge === undefined
        ? { noun: "link", fate: "removed", names: [linkName(change.ends)] }
        : { noun: "link", fate: "changed", names: [change.bridge] };
    case "removeBridge":
      return { noun: "link", fate: "removed", names: [change.bridge] };
    case "setLink":
      return { noun: "link", fate: "changed", names: [change.bridge?.bridge ?? linkName(change.ends)] };
    case "setLoopback":
      return { noun: "router", fate: "changed", names: [change.name] };
    case "reconfigure":
      return { noun: "router", fate: "changed", names: change.changes ? [change.config.name] : [] };
    case "restart":
      return { noun: "router", fate: "changed", names: change.routers };
    case "start":
    case "stop":
    case "leave":
      return { noun: "router", fate: "changed", names: [] };
    default:
      return change satisfies never;
  }
}

/** A step in words, as an order. */
function changeLine(change: LabChange): string {
  switch (change.type) {
    case "stop":
      return `end ${change.daemon}`;
    case "start":
    case "restart":
      return `${change.type} ${change.daemon}, which runs ${change.routers.join(", ")}`;
    case "leave":
      return `end ${change.router} in ${change.daemon}`;
    case "unlink":
      if (change.bridge === undefined) return `remove link ${linkName(change.ends)}`;
      return `unplug ${linkName(change.ends)} from ${change.bridge}`;
    case "removeBridge":
      return `remove shared link ${change.bridge}`;
    case "removeRouter":
      return `remove router ${change.name}`;
    case "removeHost":
      return `remove host ${change.name}`;
    case "addRouter":
      return `add router ${change.node.name}`;
    case "addHost":
      return `add host ${change.host.name}`;
    case "link":
      return `add link ${linkName(change.link.ends)}`;
    case "plug": {
      const { bridge, ends } = change.segment;
      const plugs = ends.map(formatEndpoint).join(", ");
      return change.isNew ? `add shared link ${bridge} of ${plugs}` : `plug ${plugs} into ${bridge}`;
    }
    case "setLink": {
      const { mtu, conditions } = change;
      const plain = conditions === null ? "plain" : undefined;
      const shaped = conditions ? conditionsText(conditions) : plain;
      const told = [mtu === undefined ? undefined : `mtu ${mtu}`, shaped].filter(
        (part) => part !== undefined,
      );
      return `change link ${change.bridge?.bridge ?? linkName(change.ends)}: ${told.join(", ")}`;
    }
    case "setLoopback":
      return `change loopback addresses of ${change.name}: ${change.addresses.join(", ") || "none"}`;
    case "reconfigure":
      if (!change.changes) return `configure ${change.config.name} in ${change.daemon}`;
      return `change router ${change.config.name}: ${change.changes.map(routerWords).join("; ")}`;
    default:
      return change satisfies never;
  }
}

function routerWords(change: RouterChange): string {
  switch (change.type) {
    case "restart":
      return `start over for its ${change.fields.join(", ")}`;
    case "announce":
    case "withdraw":
      return `${change.type} ${change.prefix}`;
    case "set":
      return `set ${change.field}`;
    case "addSession":
      return `add session ${sessionName(change.session)}`;
    case "removeSession":
      return `remove session ${change.session}`;
    case "changeSession": {
      const effects = effectsOf(change.fields).join(", ");
      return `session ${sessionName(change.session)} has another ${change.fields.join(", ")} (${effects})`;
    }
    default:
      return change satisfies never;
  }
}

/** The same whichever end the file names first. */
const linkName = (ends: readonly Endpoint[]) => ends.map(formatEndpoint).sort().join(" -- ");
