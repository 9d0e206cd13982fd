import { type ClabText, type ImportOptions, importClab, notClab, openClab } from "../exchange/import-clab.ts";
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
  const clab = openClab(input);
  return clab === undefined ? { input, warnings: [] } : fromClab(clab, options);
}

/** What a containerlab file becomes. @throws {TopologyError} if it is none, or cannot be run */
export function imported(
  input: Input,
  options: ImportOptions,
): { input: Input; warnings: readonly Diagnostic[] } {
  const clab = openClab(input);
  if (clab === undefined) throw notClab(input);
  return fromClab(clab, options);
}

function fromClab(clab: ClabText, options: ImportOptions): ReturnType<typeof imported> {
  const { sketch, warnings } = importClab(clab, options);
  // What is still wrong with it has its place in a text that only `import` shows.
  const file = `${clab.input.file} as fe80 import writes it`;
  return { input: { file, text: formatSketch(sketch) }, warnings };
}
