/** What AS paths are written with (`formatAsPath`); a set of them is a mask of bits, the first character's the lowest. */
export const alphabet = "0123456789 ,{}()[]";

/** A regular expression over AS paths, taken apart. */
export type Pattern =
  | { readonly type: "symbols"; readonly mask: number }
  | { readonly type: "start" | "end" }
  /** One after the other; nothing at all if there are none. */
  | { readonly type: "sequence"; readonly parts: readonly Pattern[] }
  | { readonly type: "choice"; readonly parts: readonly Pattern[] }
  | { readonly type: "repeat"; readonly part: Pattern; readonly min: number; readonly max: number };

/** Why a text is no regular expression. */
export interface PatternProblem {
  readonly message: string;
}

/** Beyond this a pattern is something else, and what it takes to match it is bounded. */
const maxLength = 1000;
const maxRepeat = 100;

const every = 2 ** alphabet.length - 1;
/** As FRR has it: where an ASN begins or ends, with what stands there. */
export const boundary: Pattern = {
  type: "choice",
  parts: [{ type: "start" }, { type: "symbols", mask: maskOf(" ,{}()[]") }, { type: "end" }],
};

/**
 * Reads a regular expression as egrep(1) has it, with `_` for where an ASN begins or ends: `^64512_`, `_(64513|64514)$`, `^[0-9]+$`.
 *
 * Counted repetition (`{2}`, `{1,3}`) goes up to 100. Braces and brackets of the path itself are written `\{` and `\[`.
 */
export function parseAsPathPattern(text: string): Pattern | PatternProblem {
  if (text.length > maxLength) return { message: `it is longer than ${maxLength} characters` };
  try {
    return new Parser(text).parse();
  } catch (error) {
    if (error instanceof SyntaxError) return { message: error.message };
    throw error;
  }
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Pattern {
    const pattern = this.#choice();
    if (this.#next === ")") throw this.#problem("nothing opens this )");
    return pattern;
  }

  #choice(): Pattern {
    const parts = [this.#sequence()];
    while (this.#take("|")) parts.push(this.#sequence());
    return parts.length === 1 && parts[0] ? parts[0] : { type: "choice", parts };
  }

  #sequence(): Pattern {
    const parts: Pattern[] = [];
    while (this.#next !== undefined && this.#next !== "|" && this.#next !== ")") parts.push(this.#repeated());
    return { type: "sequence", parts };
  }

  #repeated(): Pattern {
    let part = this.#one();
    for (let times = this.#times(); times; times = this.#times()) part = { type: "repeat", part, ...times };
    return part;
  }

  #times(): { min: number; max: number } | undefined {
    if (this.#take("*")) return { min: 0, max: Number.POSITIVE_INFINITY };
    if (this.#take("+")) return { min: 1, max: Number.POSITIVE_INFINITY };
    if (this.#take("?")) return { min: 0, max: 1 };
    if (this.#next !== "{") return undefined;
    const [all = "", low = "", comma, high = ""] =
      /^\{(\d{1,3})(?:(,)(\d{0,3}))?\}/.exec(this.#text.slice(this.#at)) ?? [];
    const min = Number(low);
    const max = comma === undefined ? min : high === "" ? Number.POSITIVE_INFINITY : Number(high);
    const most = Number.isFinite(max) ? max : min;
    if (all === "" || max < min || most > maxRepeat) {
      throw this.#problem(`write how often as {2} or {1,3}, up to ${maxRepeat}, or \\{ for a brace`);
    }
    this.#at += all.length;
    return { min, max };
  }

  #one(): Pattern {
    const character = this.#next;
    if (character !== undefined && "*+?{".includes(character)) {
      throw this.#problem(`there is nothing before this ${character} to repeat`);
    }
    this.#at++;
    switch (character) {
      case "^":
        return { type: "start" };
      case "$":
        return { type: "end" };
      case "_":
        return boundary;
      case ".":
        return { type: "symbols", mask: every };
      case "[":
        return this.#class();
      case "(": {
        const inner = this.#choice();
        if (!this.#take(")")) throw this.#problem("a ) is missing");
        return inner;
      }
      case "\\":
        return { type: "symbols", mask: this.#symbol() };
      default:
        this.#at--;
        return { type: "symbols", mask: this.#symbol() };
    }
  }

  /** `[0-9]` or `[^ ]`; a `]` that comes first is one of its characters. */
  #class(): Pattern {
    const negated = this.#take("^");
    let mask = 0;
    do {
      if (this.#next === undefined) throw this.#problem("a ] is missing");
      mask |= this.#range();
    } while (!this.#take("]"));
    return { type: "symbols", mask: negated ? every & ~mask : mask };
  }

  #range(): number {
    const from = this.#next ?? "";
    const mask = this.#symbol();
    const to = this.#text[this.#at + 1];
    if (this.#next !== "-" || to === undefined || to === "]") return mask;
    if (!/[0-9]/.test(from) || !/[0-9]/.test(to) || to < from) {
      throw this.#problem(`${from}-${to} is no range of digits`);
    }
    this.#at += 2;
    return maskOf(alphabet.slice(Number(from), Number(to) + 1));
  }

  #symbol(): number {
    const symbol = this.#next;
    if (symbol === undefined) throw this.#problem("it ends too early");
    if (!alphabet.includes(symbol)) throw this.#problem(`no AS path has a ${JSON.stringify(symbol)}`);
    this.#at++;
    return maskOf(symbol);
  }

  get #next(): string | undefined {
    return this.#text[this.#at];
  }

  #take(character: string): boolean {
    if (this.#next !== character) return false;
    this.#at++;
    return true;
  }

  #problem(message: string): SyntaxError {
    return new SyntaxError(`${message} (at its character ${Math.min(this.#at + 1, this.#text.length)})`);
  }
}

function maskOf(symbols: string): number {
  return [...symbols].reduce((mask, symbol) => mask | (1 << alphabet.indexOf(symbol)), 0);
}
