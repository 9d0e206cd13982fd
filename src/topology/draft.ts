import * as v from "valibot";
import { isMapping } from "../bgp/config/closed.ts";
import { quote, splitHint } from "../bgp/config/message.ts";
import type { Rule } from "../bgp/policy/policy.ts";
import type { ExpectText } from "./expect-text.ts";
import { looksLikeExpression } from "./expression.ts";
import type { LongLinkText } from "./link-forms.ts";
import type { DefaultsText, GroupText, HostText, RouterText } from "./router-text.ts";
import { type TopologyText, topologySchema } from "./schema.ts";
import type { Mistake } from "./source.ts";
import type { StepText } from "./step-text.ts";
import type { KindName, RuntimeName } from "./topology.ts";
import { locate, locateKey, type Path, plainValue, type Step, type Tree } from "./tree.ts";

/** What a file says, part by part; a part with a mistake is undefined, so that the others can still be judged. */
export interface Draft {
  readonly name: string | undefined;
  readonly runtime: RuntimeName | undefined;
  readonly defaults: DefaultsText | undefined;
  readonly kinds: Readonly<Partial<Record<KindName, DefaultsText | null | undefined>>>;
  /** In the order of the file. */
  readonly groups: ReadonlyMap<string, GroupText | undefined>;
  readonly policies: ReadonlyMap<string, readonly Rule[] | undefined>;
  /** In the order of the file. */
  readonly routers: ReadonlyMap<string, DraftRouter>;
  /** In the order of the file. */
  readonly hosts: ReadonlyMap<string, DraftHost>;
  readonly links: readonly (WrittenLink | undefined)[];
  readonly expect: ExpectText | undefined;
  readonly steps: readonly (StepText | undefined)[];
}

export interface DraftRouter {
  readonly body: RouterText | undefined;
  /** Where its name stands. */
  readonly path: Path;
  /** Among all routers and hosts of the file, from 1. */
  readonly place: number;
}

export interface DraftHost extends Omit<DraftRouter, "body"> {
  readonly body: HostText | undefined;
}

/** A link as it is written, which may stand for several. */
export interface WrittenLink {
  readonly body: LongLinkText;
  /** Where its text stands. */
  readonly path: Path;
}

/** Checks the structure of a document and each value by itself. */
export function readDraft(tree: Tree): { draft: Draft; mistakes: Mistake[] } {
  const result = v.safeParse(topologySchema, inOrder(tree));
  const mistakes = (result.issues ?? []).map((issue) => mistakeOf(tree, issue));
  const text = isMapping(result.output) ? (result.output as Partial<TopologyText>) : {};
  return {
    draft: {
      name: text.name,
      runtime: text.runtime ?? undefined,
      defaults: isMapping(text.defaults) ? text.defaults : undefined,
      kinds: isMapping(text.kinds) ? text.kinds : {},
      groups: text.groups instanceof Map ? text.groups : new Map(),
      policies: text.policies instanceof Map ? text.policies : new Map(),
      ...draftMembers(tree, text.routers, mistakes),
      links: Array.isArray(text.links) ? text.links.map(writtenLink) : [],
      expect: isMapping(text.expect) ? text.expect : undefined,
      steps: Array.isArray(text.steps) ? text.steps : [],
    },
    mistakes,
  };
}

/** Objects put keys such as `7` first; a `Map` keeps routers, groups and policies as the file has them. */
function inOrder(tree: Tree): unknown {
  const value = plainValue(tree);
  if (tree.type !== "mapping" || !isMapping(value)) return value;
  const maps = ["routers", "groups", "policies"].flatMap((key) => {
    const part = tree.entries.get(key)?.value;
    if (part?.type !== "mapping") return [];
    return [[key, new Map(Array.from(part.entries, ([name, body]) => [name, plainValue(body.value)]))]];
  });
  return { ...value, ...Object.fromEntries(maps) };
}

function draftMembers(
  tree: Tree,
  members: TopologyText["routers"] | undefined,
  mistakes: Mistake[],
): Pick<Draft, "routers" | "hosts"> {
  if (members instanceof Map) return divide(tree, members);
  const routers = new Map<string, DraftRouter>();
  for (const [index, name] of (Array.isArray(members) ? members : []).entries()) {
    if (name === undefined) continue;
    const path = ["routers", index];
    if (routers.has(name)) {
      mistakes.push({ span: locate(tree, path), message: `${quote(name)} is in the list already` });
    } else {
      routers.set(name, { body: {}, path, place: routers.size + 1 });
    }
  }
  return { routers, hosts: new Map() };
}

function divide(
  tree: Tree,
  members: ReadonlyMap<string, RouterText | HostText | null | undefined>,
): Pick<Draft, "routers" | "hosts"> {
  const routers = new Map<string, DraftRouter>();
  const hosts = new Map<string, DraftHost>();
  const entries = tree.type === "mapping" ? tree.entries.get("routers")?.value : undefined;
  let place = 0;
  for (const [name, body] of members) {
    const common = { path: ["routers", name], place: ++place };
    if (body?.kind === "host") hosts.set(name, { body, ...common });
    else if (body === undefined && isHost(entries, name)) hosts.set(name, { body, ...common });
    else routers.set(name, { body: body ?? (body === null ? {} : undefined), ...common });
  }
  return { routers, hosts };
}

/** Whether a body that is not sound says that it is a host's. */
function isHost(routers: Tree | undefined, name: string): boolean {
  const body = routers?.type === "mapping" ? routers.entries.get(name)?.value : undefined;
  const kind = body?.type === "mapping" ? body.entries.get("kind")?.value : undefined;
  return kind?.type === "scalar" && kind.value === "host";
}

type LinkItem = NonNullable<NonNullable<TopologyText["links"]>[number]>;

function writtenLink(link: LinkItem | undefined, index: number): WrittenLink | undefined {
  if (link === undefined) return undefined;
  const path = ["links", index];
  return "link" in link ? { body: link, path: [...path, "link"] } : { body: { link }, path };
}

function mistakeOf(tree: Tree, issue: v.BaseIssue<unknown>): Mistake {
  const path = (issue.path ?? []).map(({ key }) => key as Step);
  const atKey = issue.path?.at(-1)?.origin === "key";
  const span = atKey ? locateKey(tree, path) : locate(tree, path);
  const { message, hint } = splitHint(issue.message);
  return { span, message, hint: isCounting(issue.input) ? countingHint : hint };
}

const countingHint =
  'n is the number of a router in a range: write it in the body of one, such as "leaf[1-4]"';

/** Whether a value would be another one for each router, as only the bodies of routers can say it. */
function isCounting(value: unknown): boolean {
  if (typeof value !== "string" || !/\bn\d*\b/.test(value)) return false;
  return looksLikeExpression(value) || /\{[^{}]*\}/.test(value);
}
