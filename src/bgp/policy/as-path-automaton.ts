import { unreachable } from "../../std/errors.ts";
import { alphabet, type Pattern } from "./as-path-syntax.ts";

/** A step of the nondeterministic automaton (K. Thompson, "Regular Expression Search Algorithm", 1968). */
type Step =
  | { readonly type: "symbols"; readonly mask: number; next: number }
  | { readonly type: "start" | "end"; next: number }
  | { readonly type: "split"; next: number; other: number }
  | { readonly type: "accept" };

/** All steps that may be at work at once: a state of the deterministic automaton, made when it is first reached. */
interface State {
  readonly steps: readonly number[];
  /** A match ended here, whatever follows. */
  readonly accepts: boolean;
  /** It is one if the text ends here. */
  readonly acceptsAtEnd: boolean;
  /** By symbol. */
  readonly next: (State | undefined)[];
}

const symbolOf = new Int8Array(128).fill(-1);
for (const [index, symbol] of [...alphabet].entries()) symbolOf[symbol.charCodeAt(0)] = index;

const maxSteps = 20_000;
/** The states are thrown away and made anew beyond that, so that no pattern eats memory. */
const maxStates = 500;

/** Finds a pattern anywhere in a text, looking at each character once. */
export class Automaton {
  readonly #steps: Step[] = [];
  readonly #first: number;
  #states = new Map<string, State>();
  #initial: State | undefined;

  /** @throws {RangeError} if the pattern repeats too much, which {@link Automaton.fits} tells */
  constructor(pattern: Pattern) {
    const accept = this.#add({ type: "accept" });
    this.#first = this.#build(pattern, accept);
  }

  /** Whether an automaton for the pattern is small enough. */
  static fits(pattern: Pattern): boolean {
    return size(pattern) < maxSteps;
  }

  /** @param text of the symbols in {@link alphabet} */
  matches(text: string): boolean {
    this.#initial ??= this.#state([this.#first], true);
    let state = this.#initial;
    for (let at = 0; at < text.length && !state.accepts; at++) {
      const symbol = symbolOf[text.charCodeAt(at)] ?? -1;
      state = state.next[symbol] ?? this.#advance(state, symbol);
    }
    return state.accepts || state.acceptsAtEnd;
  }

  #advance(from: State, symbol: number): State {
    // A match may begin at each character.
    const reached = [this.#first];
    for (const index of from.steps) {
      const step = this.#steps[index];
      if (step?.type === "symbols" && (step.mask >>> symbol) & 1) reached.push(step.next);
    }
    const state = this.#state(reached, false);
    if (symbol >= 0) from.next[symbol] = state;
    return state;
  }

  #state(reached: readonly number[], atStart: boolean): State {
    const steps = this.#closure(reached, { atStart, atEnd: false });
    const key = `${atStart} ${steps.join()}`;
    const known = this.#states.get(key);
    if (known) return known;
    const accepts = steps.includes(0);
    const state: State = {
      steps,
      accepts,
      acceptsAtEnd: accepts || this.#closure(reached, { atStart, atEnd: true }).includes(0),
      next: [],
    };
    if (this.#states.size >= maxStates) {
      this.#states = new Map();
      this.#initial = undefined;
    }
    this.#states.set(key, state);
    return state;
  }

  /** All steps to which others lead without a symbol, in order. */
  #closure(from: readonly number[], { atStart, atEnd }: { atStart: boolean; atEnd: boolean }): number[] {
    const found = new Set<number>();
    const open = [...from];
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (found.has(index)) continue;
      found.add(index);
      const step = this.#steps[index];
      if (step?.type === "split") open.push(step.next, step.other);
      if ((step?.type === "start" && atStart) || (step?.type === "end" && atEnd)) open.push(step.next);
    }
    return [...found].sort((a, b) => a - b);
  }

  /** @returns the first step of a pattern that goes on with another one */
  #build(pattern: Pattern, next: number): number {
    switch (pattern.type) {
      case "symbols":
        return this.#add({ type: "symbols", mask: pattern.mask, next });
      case "start":
      case "end":
        return this.#add({ type: pattern.type, next });
      case "sequence":
        return pattern.parts.reduceRight((behind, part) => this.#build(part, behind), next);
      case "choice":
        return pattern.parts
          .map((part) => this.#build(part, next))
          .reduce((other, first) => this.#add({ type: "split", next: first, other }));
      case "repeat":
        return this.#repeat(pattern, next);
      default:
        return unreachable(pattern);
    }
  }

  #repeat({ part, min, max }: Extract<Pattern, { type: "repeat" }>, next: number): number {
    let first = next;
    if (Number.isFinite(max)) {
      for (let time = min; time < max; time++) {
        first = this.#add({ type: "split", next: this.#build(part, first), other: next });
      }
    } else {
      const loop = { type: "split" as const, next: 0, other: next };
      first = this.#add(loop);
      loop.next = this.#build(part, first);
    }
    for (let time = 0; time < min; time++) first = this.#build(part, first);
    return first;
  }

  #add(step: Step): number {
    if (this.#steps.length > maxSteps) throw new RangeError("the pattern repeats too much");
    return this.#steps.push(step) - 1;
  }
}

/** How many steps a pattern takes, at most. */
function size(pattern: Pattern): number {
  switch (pattern.type) {
    case "sequence":
    case "choice":
      return pattern.parts.reduce((sum, part) => sum + 1 + size(part), 0);
    case "repeat": {
      const times = Number.isFinite(pattern.max) ? pattern.max : pattern.min + 1;
      return times * (1 + size(pattern.part));
    }
    default:
      return 1;
  }
}
