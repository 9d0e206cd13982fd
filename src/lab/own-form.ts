import { isClabFile } from "../exchange/clab-form.ts";
import type { ImportOptions } from "../exchange/import-clab.ts";
import type { Diagnostic } from "../topology/diagnostic.ts";

/** A topology file's text and the name that messages have for it. */
interface Input {
  readonly file: string;
  readonly text: string;
}

/** A topology in fe80's own form: the file itself, or what a containerlab file becomes. @throws {TopologyError} */
export async function inOwnForm(
  input: Input,
  options: ImportOptions,
): Promise<{ input: Input; warnings: readonly Diagnostic[] }> {
  return isClabFile(input) ? await fromClab(input, options) : { input, warnings: [] };
}

/** What a containerlab file becomes. @throws {TopologyError} if it is none, or cannot be run */
export async function fromClab(
  input: Input,
  options: ImportOptions,
): Promise<{ input: Input; warnings: readonly Diagnostic[] }> {
  const [{ importClab }, { formatSketch }] = await Promise.all([
    import("../exchange/import-clab.ts"),
    import("../generate/format-sketch.ts"),
  ]);
  const { sketch, warnings } = importClab(input, options);
  // What is still wrong with it has its place in a text that only `import` shows.
  const file = `${input.file} as fe80 import writes it`;
  return { input: { file, text: formatSketch(sketch) }, warnings };
}
