import type { Diagnostic } from "./diagnostic.ts";

/** A stretch of the file: offsets in UTF-16 code units, the end excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A mistake at its place in the text. */
export interface Mistake {
  readonly span: Span;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** A file's text, which can point at its own lines. */
export class Source {
  readonly #file: string;
  readonly #text: string;
  readonly #lineStarts: readonly number[];

  constructor({ file, text }: { file: string; text: string }) {
    this.#file = file;
    this.#text = text;
    this.#lineStarts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
  }

  /** All mistakes as diagnostics in the order of the file, the same one only once. */
  diagnose(mistakes: readonly Mistake[]): Diagnostic[] {
    const distinct = new Map(
      mistakes.map((mistake) => [`${mistake.span.start} ${mistake.message}`, mistake]),
    );
    return [...distinct.values()]
      .sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
      .map((mistake) => this.#diagnose(mistake));
  }

  #diagnose({ span, hint, ...mistake }: Mistake): Diagnostic {
    const line = this.lineAt(span.start);
    const start = this.#lineStarts[line - 1] ?? 0;
    const column = span.start - start + 1;
    const message = printable(mistake.message);
    const lineText = this.#lineText(line);
    const excerpt =
      lineText === "" ? [] : cut(lineText, { start: span.start - start, end: span.end - start });
    const lines = [
      `${this.#file}:${line}:${column}: ${message}`,
      ...excerpt.map((text) => `  ${text}`.trimEnd()),
    ];
    if (hint !== undefined) lines.push(`  hint: ${printable(hint)}`);
    return { file: this.#file, line, column, message, hint, text: lines.join("\n") };
  }

  /** The number of the line that holds an offset, counted from 1. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  #lineText(line: number): string {
    const end = this.#lineStarts[line] ?? this.#text.length + 1;
    return this.#text.slice(this.#lineStarts[line - 1] ?? 0, end - 1).replace(/\r$/, "");
  }
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
