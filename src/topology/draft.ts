import * as v from "valibot";
import { isMapping } from "../bgp/config/closed.ts";
import { quote, splitHint } from "../bgp/config/message.ts";
import type { Rule } from "../bgp/policy/policy.ts";
import type { LinkText } from "./link-text.ts";
import {
  type DefaultsText,
  type ExpectText,
  type GroupText,
  type RouterText,
  type TopologyText,
  topologySchema,
} from "./schema.ts";
import type { SessionText } from "./session-text.ts";
import type { Mistake } from "./source.ts";
import { locate, locateKey, type Path, plainValue, type Step, type Tree } from "./tree.ts";

/** What a file says, part by part; a part with a mistake is undefined, so that the others can still be judged. */
export interface Draft {
  readonly name: string | undefined;
  readonly defaults: DefaultsText | undefined;
  /** In the order of the file. */
  readonly groups: ReadonlyMap<string, GroupText | undefined>;
  /** In the order of the file. */
  readonly routers: ReadonlyMap<string, DraftRouter>;
  readonly links: readonly (DraftLink | undefined)[];
  readonly policies: ReadonlyMap<string, readonly Rule[] | undefined>;
  readonly expect: ExpectText | undefined;
}

export interface DraftRouter {
  readonly body: RouterText | undefined;
  /** Where its name stands. */
  readonly path: Path;
}

export interface DraftLink {
  readonly ends: LinkText;
  readonly ifindex: readonly [number, number] | undefined;
  readonly mtu: number | undefined;
  /** By router; what its end of the session is told. */
  readonly sessions: ReadonlyMap<string, SessionText | null>;
  /** Where its text stands. */
  readonly path: Path;
}

/** Checks the structure of a document and each value by itself. */
export function readDraft(tree: Tree): { draft: Draft; mistakes: Mistake[] } {
  const result = v.safeParse(topologySchema, inOrder(tree));
  const mistakes = (result.issues ?? []).map((issue) => mistakeOf(tree, issue));
  const text = isMapping(result.output) ? (result.output as Partial<TopologyText>) : {};
  const routers = draftRouters(tree, text.routers, mistakes);
  return {
    draft: {
      name: text.name,
      defaults: isMapping(text.defaults) ? text.defaults : undefined,
      groups: text.groups instanceof Map ? text.groups : new Map(),
      routers,
      links: Array.isArray(text.links) ? text.links.map(draftLink) : [],
      policies: text.policies instanceof Map ? text.policies : new Map(),
      expect: isMapping(text.expect) ? text.expect : undefined,
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

function draftRouters(
  tree: Tree,
  routers: TopologyText["routers"] | undefined,
  mistakes: Mistake[],
): Map<string, DraftRouter> {
  if (routers instanceof Map) {
    return new Map(
      Array.from(routers, ([name, body]) => [
        name,
        { body: body === null ? ({} as RouterText) : body, path: ["routers", name] },
      ]),
    );
  }
  const named = new Map<string, DraftRouter>();
  for (const [index, name] of (Array.isArray(routers) ? routers : []).entries()) {
    if (name === undefined) continue;
    const path = ["routers", index];
    if (named.has(name)) {
      mistakes.push({ span: locate(tree, path), message: `${quote(name)} is in the list already` });
    } else {
      named.set(name, { body: {} as RouterText, path });
    }
  }
  return named;
}

type LinkItem = NonNullable<NonNullable<TopologyText["links"]>[number]>;

function draftLink(link: LinkItem | undefined, index: number): DraftLink | undefined {
  if (link === undefined) return undefined;
  const path = ["links", index];
  if (!("link" in link)) return { ends: link, ifindex: undefined, mtu: undefined, sessions: new Map(), path };
  const { ifindex, mtu, sessions } = link;
  return {
    ends: link.link,
    ifindex: typeof ifindex === "number" ? [ifindex, ifindex] : ifindex,
    mtu,
    sessions: new Map(Object.entries(sessions ?? {})),
    path: [...path, "link"],
  };
}

function mistakeOf(tree: Tree, issue: v.BaseIssue<unknown>): Mistake {
  const path = (issue.path ?? []).map(({ key }) => key as Step);
  const atKey = issue.path?.at(-1)?.origin === "key";
  return { span: atKey ? locateKey(tree, path) : locate(tree, path), ...splitHint(issue.message) };
}
