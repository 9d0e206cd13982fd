import { splitHint, withHint } from "../bgp/config/message.ts";
import { defined } from "./defined.ts";
import { type Diagnostic, TopologyError } from "./diagnostic.ts";
import { type Draft, readDraft } from "./draft.ts";
import { type DraftLink, expandLinks } from "./expand-links.ts";
import { expandRouters } from "./expand-routers.ts";
import { resolveChecks } from "./expect-checks.ts";
import { checkGroups } from "./groups.ts";
import { guesser } from "./guess.ts";
import { checkHosts, resolveHosts } from "./hosts.ts";
import { readDocument, type Surroundings } from "./include.ts";
import { checkLinks, type ResolvedWire, resolveWires } from "./links.ts";
import { numericKeysOf } from "./numeric-keys.ts";
import { pairsOf } from "./pairs.ts";
import { placesOf } from "./places.ts";
import { checkPolicyNames, policiesOf } from "./policies.ts";
import { RouterNames } from "./router-names.ts";
import { routerBody } from "./router-text.ts";
import { checkRouters, layersOf, resolveRouters } from "./routers.ts";
import { checkOriginated, checkRoutes } from "./size.ts";
import { type Mistake, Source } from "./source.ts";
import { StepSettings } from "./step-settings.ts";
import { resolveSteps } from "./steps.ts";
import type { Expect, Link, Segment, Topology } from "./topology.ts";
import { locate, type MappingTree, type Tree } from "./tree.ts";
import { findWarnings } from "./warnings.ts";

/** A lab of 10,000 routers fits; a file beyond this is something else. */
const maxLength = 4 * 1024 * 1024;

const shape = "write name, routers and links; docs/topology.md shows how";

/** Nothing but the text itself. */
const nothing: Surroundings = {
  environment: {},
  read: () => ({ problem: "there are no files here", hint: "write it into the topology itself" }),
};

const numericKeys = numericKeysOf(routerBody);

/**
 * Reads a topology file and fills in every default.
 *
 * @param input its name, as it should stand in messages, and its text
 * @param surroundings nothing if left out: no variable is set, and no file can be included
 * @throws {TopologyError} with every mistake in it
 */
export function parseTopology(
  input: { file: string; text: string },
  surroundings: Surroundings = nothing,
): Topology {
  return readTopology(input, surroundings).topology;
}

/** As {@link parseTopology}, with what is allowed but hardly meant. @throws {TopologyError} */
export function readTopology(
  input: { file: string; text: string },
  surroundings: Surroundings,
): { topology: Topology; warnings: Diagnostic[] } {
  const source = new Source();
  if (input.text.length > maxLength) {
    source.add({ file: input.file, text: "" });
    const span = { start: 0, end: 0 };
    throw new TopologyError(
      source.diagnose([{ span, message: "the file is larger than 4 MiB", hint: shape }]),
    );
  }
  const { tree, mistakes } = readDocument(source, input, surroundings);
  if (tree === undefined || tree.type !== "mapping") {
    const found = mistakes.length > 0 ? mistakes : [notATopology(tree)];
    throw new TopologyError(source.diagnose(found));
  }
  const expanded = expandRouters(tree, { source, numericKeys });
  const { topology, warnings, mistakes: more } = build(source, expanded.tree, surroundings);
  const early = [...mistakes, ...expanded.mistakes];
  const told = new Set(early.map(({ span }) => span.start));
  const all = [...early, ...more.filter(({ span }) => !told.has(span.start))];
  if (topology === undefined || all.length > 0) throw new TopologyError(source.diagnose(all));
  return { topology, warnings: source.diagnose(warnings, "warning") };
}

interface Built {
  readonly topology: Topology | undefined;
  readonly warnings: readonly Mistake[];
  readonly mistakes: readonly Mistake[];
}

function build(source: Source, tree: MappingTree, { runtime }: Surroundings): Built {
  const { draft: told, mistakes } = readDraft(tree);
  const draft = runtime ? { ...told, runtime } : told;
  const routerNames = new RouterNames(draft.routers.keys());
  const names = new RouterNames([...draft.routers.keys(), ...draft.hosts.keys()]);
  const layers = layersOf(draft, routerNames);
  const tooMuch = checkOriginated(tree, draft, layers);
  if (tooMuch.length > 0) return { topology: undefined, warnings: [], mistakes: [...mistakes, ...tooMuch] };
  const routers = resolveRouters(draft, layers);
  const { links, mistakes: linkMistakes } = expandLinks(tree, draft, names);
  const expect = resolveExpect(draft);
  const all: Mistake[] = [
    ...mistakes,
    ...linkMistakes,
    ...checkGroups(tree, draft, routerNames),
    ...checkRouters(tree, { draft, layers, links }, routers),
    ...checkLinks({ source, tree }, links, routers),
    ...checkHosts(tree, draft, links),
    ...checkPolicyNames(tree, draft),
    ...checkExpect(tree, expect),
  ];
  if (draft.name === undefined || all.length > 0) return { topology: undefined, warnings: [], mistakes: all };
  const wires = resolveWires(links, routers);
  const { hosts, routers: complete } = resolveHosts(draft, { wires, routers });
  const between = linksOf(wires, draft);
  const members = {
    routers: routerNames,
    members: names,
    links: between.links,
    linkLocals: new Map(complete.map(({ name, linkLocal }) => [name, linkLocal])),
    guess: guesser({ keys: () => [...draft.routers.keys(), ...draft.hosts.keys()] }),
  };
  const asked = { source, path: ["expect"], text: draft.expect, unharmed: true };
  const { checks, mistakes: checkMistakes } = resolveChecks(tree, asked, members);
  const whole = {
    name: draft.name,
    routers: complete,
    ...between,
    hosts,
    policies: policiesOf(draft),
    places: placesOf({ source, tree }, draft, wires),
    expect: checks.length === 0 ? expect : { ...expect, checks },
  };
  const written = { source, tree, texts: draft.steps };
  const settings = new StepSettings({ draft, layers, wires });
  const taken = resolveSteps(written, { lab: { ...members, topology: whole }, settings });
  const wrong = [...checkMistakes, ...taken.mistakes, ...checkRoutes(tree, draft, whole)];
  if (wrong.length > 0) return { topology: undefined, warnings: [], mistakes: wrong };
  const topology: Topology = { ...whole, steps: taken.steps };
  const warnings = [...findWarnings(tree, { draft, wires }, topology), ...taken.warnings];
  return { topology, warnings, mistakes: [] };
}

/** Links pair by pair, and what several of them share. */
function linksOf(wires: readonly ResolvedWire[], { hosts }: Draft): Pick<Topology, "links" | "segments"> {
  const segments: Segment[] = [];
  const between = wires.filter(({ ends }) => !ends.some(({ router }) => hosts.has(router)));
  const links = between.flatMap(({ draft, ends, ...medium }): Link[] => {
    const segment = ends.length > 2 ? segments.push({ ends, ...medium }) - 1 : null;
    return pairsOf(ends).map((pair) => ({ ends: pair, ...medium, expect: expectationOf(draft), segment }));
  });
  return { links, segments };
}

function expectationOf({ body }: DraftLink): Link["expect"] {
  return body.expect ?? "established";
}

function notATopology(tree: Tree | undefined): Mistake {
  if (tree === undefined) return { span: { start: 0, end: 0 }, message: "the file is empty", hint: shape };
  const found = tree.type === "sequence" ? "a list" : "a single value";
  return { span: tree.span, message: `a topology is a map, not ${found}`, hint: shape };
}

/** How long convergence may take unless the file says it: a lab of many routers has much to do. */
const usualMs = { least: 30_000, router: 120 };

function resolveExpect({ expect, routers }: Draft): Expect {
  const withinMs = expect?.within ?? Math.max(usualMs.least, usualMs.router * routers.size);
  const limits = { forMs: expect?.for, convergesWithinMs: expect?.["converges-within"] };
  return { withinMs, settleMs: expect?.settle ?? 100, ...defined(limits) };
}

function checkExpect(tree: Tree, { withinMs, settleMs, forMs = 0 }: Expect): Mistake[] {
  if (forMs >= withinMs) {
    const message = `nothing can hold for ${forMs} ms within ${withinMs} ms`;
    return [{ span: locate(tree, ["expect", "for"]), message, hint: "for must be shorter than within" }];
  }
  if (settleMs < withinMs) return [];
  const problem = withHint(
    `nothing can settle for ${settleMs} ms within ${withinMs} ms`,
    "settle must be shorter than within",
  );
  return [{ span: locate(tree, ["expect"]), ...splitHint(problem) }];
}
