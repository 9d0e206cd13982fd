import { type ClabText, notClab, openClab } from "../exchange/clab-form.ts";
import type { ImportOptions } from "../exchange/import-clab.ts";
import type { Diagnostic } from "../topology/diagnostic.ts";

/** A topology file's text and the name that messages have for it. */
interface Input {
  readonly file: string;
  readonly text: string;
}

interface OwnForm {
  readonly input: Input;
  readonly warnings: readonly Diagnostic[];
}

/** A topology in fe80's own form: the file itself, or what a containerlab file becomes. @throws {TopologyError} */
export async function inOwnForm(input: Input, options: ImportOptions): Promise<OwnForm> {
  const clab = openClab(input);
  return clab === undefined ? { input, warnings: [] } : await fromClab(clab, options);
}

/** What a containerlab file becomes. @throws {TopologyError} if it is none, or cannot be run */
export async function imported(input: Input, options: ImportOptions): Promise<OwnForm> {
  const clab = openClab(input);
  if (clab === undefined) throw notClab(input);
  return await fromClab(clab, options);
}

async function fromClab(clab: ClabText, options: ImportOptions): Promise<OwnForm> {
  const [{ importClab }, { formatSketch }] = await Promise.all([
    import("../exchange/import-clab.ts"),
    import("../generate/format-sketch.ts"),
  ]);
  const { sketch, warnings } = importClab(clab, options);
  // What is still wrong with it has its place in a text that only `import` shows.
  const file = `${clab.input.file} as fe80 import writes it`;
  return { input: { file, text: formatSketch(sketch) }, warnings };
}
