import type { Command } from "../runtime.ts";

/** Several programs as one for a shell, since the engine takes much longer to start one than any of them runs. */
interface Script {
  readonly words: Command;
  /** Their outputs apart, each without its last line end. */
  split(output: string): string[];
}

/** Between the outputs of two programs: text has none. */
const separator = "\u{0}";

/** Programs one after the other, all of which must succeed. */
export function scriptOf(commands: readonly Command[]): Script {
  const script = commands.map((words) => words.map(quote).join(" ")).join(" && printf '\\0' && ");
  return {
    words: ["sh", "-c", script],
    split: (output) => output.split(separator).map((text) => text.replace(/\n$/, "")),
  };
}

/** A word as a shell reads it as it is. */
function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
