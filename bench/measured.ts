import { readFileSync, writeFileSync } from "node:fs";

const file = "docs/benchmarks.md";

/**
 * Puts what a program of `bench/` has measured into docs/benchmarks.md.
 *
 * @param change lines that it had there before → those in their place
 */
export function writeMeasured(
  program: string,
  change: (before: readonly string[]) => readonly string[],
): void {
  const text = readFileSync(file, "utf8");
  const [begin, end] = [`<!-- measured by bench/${program} -->`, "<!-- end -->"];
  const at = text.indexOf(begin);
  if (at < 0) throw new RangeError(`${file} has no ${begin}`);
  const [from, to] = [at + begin.length, text.indexOf(end, at)];
  const lines = change(text.slice(from, to).split("\n"));
  writeFileSync(file, `${text.slice(0, from)}\n\n${lines.join("\n")}\n\n${text.slice(to)}`);
}
