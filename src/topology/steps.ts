import type { StepAction } from "./action.ts";
import type { ActionsText } from "./action-text.ts";
import { defined } from "./defined.ts";
import { resolveChecks } from "./expect-checks.ts";
import { nobody } from "./groups.ts";
import type { RouterNames } from "./router-names.ts";
import type { Mistake, Source } from "./source.ts";
import type { Flow, Step } from "./step.ts";
import { resolveActions } from "./step-actions.ts";
import type { StepSettings } from "./step-settings.ts";
import type { StepLab } from "./step-targets.ts";
import type { StepText } from "./step-text.ts";
import { tooSlow } from "./step-warnings.ts";
import type { Expect } from "./topology.ts";
import { locate, type Path, plainValue, type Tree } from "./tree.ts";

/** Where steps are written, and what they say; one with a mistake is undefined. */
interface WrittenSteps {
  readonly source: Source;
  readonly tree: Tree;
  readonly texts: readonly (StepText | undefined)[];
}

/** So many actions all steps may come to. */
const maxActions = 100_000;

/** The steps of a file, each with the parts of the lab that its names and patterns stand for. */
export function resolveSteps(
  { source, tree, texts }: WrittenSteps,
  { lab, settings }: { lab: StepLab; settings: StepSettings },
): { steps: Step[]; mistakes: Mistake[]; warnings: Mistake[] } {
  const warnings: Mistake[] = [];
  const mistakes: Mistake[] = [];
  const steps: Step[] = [];
  let actions = 0;
  for (const [index, text] of texts.entries()) {
    if (text === undefined) continue;
    const here = ["steps", index];
    const refuse: Refuse = (path, problem) => {
      mistakes.push({ span: locate(tree, [...here, ...path]), ...problem });
    };
    const { checks, mistakes: wrong } = resolveChecks(
      tree,
      { source, path: [...here, "expect"], text: text.expect, unharmed: false },
      lab,
    );
    for (const mistake of wrong) mistakes.push(mistake);
    const work = workOf(text, { lab, settings, refuse });
    const limits = limitsOf(text, lab.topology.expect, refuse);
    const slow = tooSlow({ work, limits }, lab.topology, locate(tree, here));
    if (slow) warnings.push(slow);
    steps.push({
      name: text.name ?? nameOf(tree, here, text),
      place: source.placeAt(locate(tree, here)),
      work,
      checks,
      flows: flowsOf(text, lab, refuse),
      repeat: text.repeat ?? 1,
      limits,
    });
    actions += work.type === "actions" ? work.actions.length : 0;
    if (actions > maxActions) {
      refuse([], { message: "the steps do too much", hint: `at most ${maxActions} things in all` });
      break;
    }
  }
  return { steps, mistakes, warnings };
}

type Refuse = (path: Path, problem: Omit<Mistake, "span"> & { readonly hint: string }) => void;

function workOf(
  { chaos, do: done = [] }: StepText,
  { lab, settings, refuse }: { lab: StepLab; settings: StepSettings; refuse: Refuse },
): Step["work"] {
  if (chaos) return { type: "chaos", faults: chaos.faults, seed: chaos.seed ?? 1 };
  const actionsOf = (text: ActionsText, place: Path): StepAction[] => {
    const context = {
      lab,
      refuse: (path: Path, problem: Parameters<Refuse>[1]) => refuse([...place, ...path], problem),
    };
    const actions = resolveActions(text, context);
    return text.configure ? [...actions, settings.add(text.configure, context)] : actions;
  };
  const actions = Array.isArray(done)
    ? done.flatMap((text, index) => actionsOf(text, ["do", index]))
    : actionsOf(done, ["do"]);
  return { type: "actions", actions };
}

function limitsOf(text: StepText, whole: Expect, refuse: Refuse): Step["limits"] {
  const { within: withinMs = whole.withinMs } = text;
  const { settle: settleMs = Math.min(whole.settleMs, withinMs / 2), for: forMs = 0 } = text;
  if (Math.max(settleMs, forMs) >= withinMs) {
    const key = forMs >= withinMs ? "for" : "settle";
    const message = `nothing can stay the same for ${Math.max(settleMs, forMs)} ms within ${withinMs} ms`;
    refuse([key], { message, hint: `${key} must be shorter than within` });
  }
  return { withinMs, settleMs, forMs, ...defined({ convergesWithinMs: text["converges-within"] }) };
}

/** Each of those who send with each of those who answer. */
function flowsOf({ ping = [] }: StepText, { members, guess }: StepLab, refuse: Refuse): Flow[] {
  return ping.flatMap(({ from, to, lost: maxLost }, index) => {
    const select = (names: RouterNames, pattern: string, key: string) => {
      const { names: found, missing } = names.select(pattern);
      if (missing !== undefined) refuse(["ping", index, key], nobody(missing, guess));
      return found;
    };
    const targets = select(members, to, "to");
    return select(members, from, "from").flatMap((sender) =>
      targets
        .filter((name) => name !== sender)
        .map((name) => ({ from: sender, to: name, ...defined({ maxLost }) })),
    );
  });
}

/** What a step does, in the words of the file. */
function nameOf(tree: Tree, here: Path, { chaos, do: done }: StepText): string {
  if (chaos) return "chaos";
  if (done === undefined) return "nothing is done";
  const found = here.concat("do").reduce<Tree | undefined>(childOf, tree);
  return found === undefined ? "" : words(plainValue(found));
}

function childOf(tree: Tree | undefined, step: Path[number]): Tree | undefined {
  if (tree?.type === "mapping") return tree.entries.get(String(step))?.value;
  return tree?.type === "sequence" ? tree.items[Number(step)] : undefined;
}

/** `kill r1, link-down r2:eth0`; lists within have brackets. */
function words(value: unknown): string {
  if (Array.isArray(value)) return value.map(words).join(", ");
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([key, inner]) => (inner === null || inner === true ? key : `${key} ${inWords(inner)}`))
    .join(", ");
}

function inWords(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inWords).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const entries = Object.entries(value).map(([key, inner]) => `${key}: ${inWords(inner)}`);
  return `{ ${entries.join(", ")} }`;
}
