import { type ImportOptions, importClab, isClabFile } from "../exchange/import-clab.ts";
import { formatSketch } from "../generate/format-sketch.ts";
import type { Diagnostic } from "../topology/diagnostic.ts";

/** A topology file's text and the name that messages have for it. */
interface Input {
  readonly file: string;
  readonly text: string;
}

/** A topology in fe80's own form: the file itself, or what a containerlab file becomes. @throws {TopologyError} */
export function inOwnForm(
  input: Input,
  options: ImportOptions,
): { input: Input; warnings: readonly Diagnostic[] } {
  return isClabFile(input) ? fromClab(input, options) : { input, warnings: [] };
}

/** What a containerlab file becomes. @throws {TopologyError} if it is none, or cannot be run */
export function fromClab(
  input: Input,
  options: ImportOptions,
): { input: Input; warnings: readonly Diagnostic[] } {
  const { sketch, warnings } = importClab(input, options);
  // What is still wrong with it has its place in a text that only `import` shows.
  const file = `${input.file} as fe80 import writes it`;
  return { input: { file, text: formatSketch(sketch) }, warnings };
}
