import { splitHint, withHint } from "../bgp/config/message.ts";
import { checkBirds } from "./bird.ts";
import { TopologyError } from "./diagnostic.ts";
import { type Draft, readDraft } from "./draft.ts";
import { checkGroups } from "./groups.ts";
import { checkLinks, resolveLinks } from "./links.ts";
import { checkPolicyNames } from "./policies.ts";
import { checkRouters, resolveRouters } from "./routers.ts";
import { type Mistake, Source } from "./source.ts";
import type { Expect, Topology } from "./topology.ts";
import { locate, type Tree } from "./tree.ts";
import { readYaml } from "./yaml.ts";

/** A lab of 10,000 routers fits; a file beyond this is something else. */
const maxLength = 4 * 1024 * 1024;

const shape = "write name, routers and links; docs/topology.md shows how";

/**
 * Reads a topology file and fills in every default.
 *
 * @param input its name, as it should stand in messages, and its text
 * @throws {TopologyError} with every mistake in it
 */
export function parseTopology(input: { file: string; text: string }): Topology {
  if (input.text.length > maxLength) {
    const span = { start: 0, end: 0 };
    const source = new Source({ file: input.file, text: "" });
    throw new TopologyError(
      source.diagnose([{ span, message: "the file is larger than 4 MiB", hint: shape }]),
    );
  }
  const source = new Source(input);
  const { tree, mistakes } = readYaml(source, input.text);
  if (tree === undefined || tree.type !== "mapping") {
    const found = mistakes.length > 0 ? mistakes : [notATopology(tree)];
    throw new TopologyError(source.diagnose(found));
  }
  const { topology, mistakes: more } = build(source, tree);
  const told = new Set(mistakes.map(({ span }) => span.start));
  mistakes.push(...more.filter(({ span }) => !told.has(span.start)));
  if (topology === undefined || mistakes.length > 0) throw new TopologyError(source.diagnose(mistakes));
  return topology;
}

function build(source: Source, tree: Tree): { topology: Topology | undefined; mistakes: Mistake[] } {
  const { draft, mistakes } = readDraft(tree);
  const routers = resolveRouters(draft);
  const expect = resolveExpect(draft);
  mistakes.push(
    ...checkGroups(tree, draft),
    ...checkRouters(tree, draft, routers),
    ...checkLinks({ source, tree }, draft, routers),
    ...checkPolicyNames(tree, draft),
    ...checkBirds(tree, draft, routers),
    ...checkExpect(tree, expect),
  );
  if (draft.name === undefined || mistakes.length > 0) return { topology: undefined, mistakes };
  const links = resolveLinks(
    draft.links.filter((link) => link !== undefined),
    routers,
  );
  const policies = new Map(
    Array.from(draft.policies, ([name, rules = []]) => [name, { name, rules }] as const),
  );
  return {
    topology: { name: draft.name, routers: [...routers.values()], links, policies, expect },
    mistakes,
  };
}

function notATopology(tree: Tree | undefined): Mistake {
  if (tree === undefined) return { span: { start: 0, end: 0 }, message: "the file is empty", hint: shape };
  const found = tree.type === "sequence" ? "a list" : "a single value";
  return { span: tree.span, message: `a topology is a map, not ${found}`, hint: shape };
}

function resolveExpect({ expect }: Draft): Expect {
  return { withinMs: expect?.within ?? 30_000, settleMs: expect?.settle ?? 100 };
}

function checkExpect(tree: Tree, { withinMs, settleMs }: Expect): Mistake[] {
  if (settleMs < withinMs) return [];
  const problem = withHint(
    `nothing can settle for ${settleMs} ms within ${withinMs} ms`,
    "settle must be shorter than within",
  );
  return [{ span: locate(tree, ["expect"]), ...splitHint(problem) }];
}
