import type { Diagnostic } from "./diagnostic.ts";

/** A stretch of the text: offsets in UTF-16 code units among those of all files, the end excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where something is written. Lines and columns are counted from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  /** In UTF-16 code units. */
  readonly column: number;
}

/** A mistake at its place in the text. */
export interface Mistake {
  readonly span: Span;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** So many mistakes are told of at most: nobody reads more, and a broken megabyte has hundreds of thousands. */
const maxDiagnostics = 1000;

interface SourceFile {
  readonly file: string;
  readonly text: string;
  /** The offset of its first character among those of all files. */
  readonly base: number;
  /** Offsets among those of all files. */
  readonly lineStarts: readonly number[];
}

/** The texts of a topology, one behind the other: an offset tells the file too, and every span can be shown. */
export class Source {
  readonly #files: SourceFile[] = [];

  /** @param file as it should stand in messages @returns the offset of the text's first character */
  add({ file, text }: { file: string; text: string }): number {
    const last = this.#files.at(-1);
    const base = last === undefined ? 0 : last.base + last.text.length + 1;
    const lineStarts = [base, ...Array.from(text.matchAll(/\n/g), ({ index }) => base + index + 1)];
    this.#files.push({ file, text, base, lineStarts });
    return base;
  }

  /**
   * All mistakes as diagnostics in the order of the files.
   *
   * Of those at one place that differ in numbers alone only the first is kept: they are one mistake in a text that stands for
   * many routers or links.
   */
  diagnose(mistakes: readonly Mistake[], severity: Diagnostic["severity"] = "error"): Diagnostic[] {
    const sorted = mistakes.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
    const distinct = new Map<string, Mistake>();
    for (const mistake of sorted) {
      const key = `${mistake.span.start} ${mistake.message.replace(/[\da-f]*\d[\da-f]*/g, "0")}`;
      if (!distinct.has(key)) distinct.set(key, mistake);
      if (distinct.size > maxDiagnostics) break;
    }
    const told = [...distinct.values()];
    const next = told[maxDiagnostics];
    if (next !== undefined) {
      told[maxDiagnostics] = { span: next.span, message: "there are more mistakes from here on" };
    }
    return told.map((mistake) => this.#diagnose(mistake, severity));
  }

  #diagnose({ span, hint, ...mistake }: Mistake, severity: Diagnostic["severity"]): Diagnostic {
    const at = this.#fileAt(span.start);
    const { file, line, column } = this.placeAt(span);
    const index = line - 1;
    const start = at.lineStarts[index] ?? 0;
    const message = printable(mistake.message);
    const lineText = textOfLine(at, index);
    const excerpt =
      lineText === "" ? [] : cut(lineText, { start: span.start - start, end: span.end - start });
    const lines = [
      `${file}:${line}:${column}: ${severity === "warning" ? "warning: " : ""}${message}`,
      ...excerpt.map((text) => `  ${text}`.trimEnd()),
    ];
    if (hint !== undefined) lines.push(`  hint: ${printable(hint)}`);
    return { severity, file, line, column, message, hint, text: lines.join("\n") };
  }

  /** Where a stretch begins. */
  placeAt({ start }: Span): Place {
    const at = this.#fileAt(start);
    const index = lineIndex(at, start);
    return { file: at.file, line: index + 1, column: start - (at.lineStarts[index] ?? 0) + 1 };
  }

  /** Where an offset is, as seen from another: `line 4`, or `line 4 of common.yaml`. */
  placeOf(offset: number, { from }: { from: number }): string {
    const at = this.#fileAt(offset);
    const line = lineIndex(at, offset) + 1;
    return at === this.#fileAt(from) ? `line ${line}` : `line ${line} of ${at.file}`;
  }

  #fileAt(offset: number): SourceFile {
    const found = this.#files.findLast(({ base }) => base <= offset);
    if (found === undefined) throw new RangeError("no text was added");
    return found;
  }
}

/** Counted from 0. */
function lineIndex({ lineStarts }: SourceFile, offset: number): number {
  let low = 0;
  let high = lineStarts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low;
}

function textOfLine({ base, text, lineStarts }: SourceFile, index: number): string {
  const end = lineStarts[index + 1] ?? base + text.length + 1;
  return text.slice((lineStarts[index] ?? base) - base, end - base - 1).replace(/\r$/, "");
}

/** How much of a line is shown on each side of a mistake: a file may be one long line. */
const around = 80;

/** A line and the carets below it; what goes on in further lines is marked by its first character alone. */
function cut(line: string, { start, end }: Span): [line: string, carets: string] {
  const from = Math.max(0, start - around);
  const to = Math.min(line.length, start + around);
  const width = end > line.length ? 1 : Math.max(1, Math.min(end, to) - start);
  const before = printable(`${from > 0 ? "…" : ""}${line.slice(from, start)}`);
  const after = printable(`${line.slice(start, to)}${to < line.length ? "…" : ""}`);
  return [before + after, before.replace(/[^\t]/g, " ") + "^".repeat(width)];
}

/** Control characters must not reach a terminal; a tab may, so that carets stay in their column. */
function printable(text: string): string {
  return text.replace(/[^\P{C}\t]/gu, "\u{fffd}");
}
