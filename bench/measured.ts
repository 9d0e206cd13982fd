import { readFileSync, writeFileSync } from "node:fs";

const file = "docs/benchmarks.md";

/** Puts what a program of `bench/` has measured into docs/benchmarks.md, in the place of what it had there before. */
export function writeMeasured(program: string, lines: readonly string[]): void {
  const text = readFileSync(file, "utf8");
  const [begin, end] = [`<!-- measured by bench/${program} -->`, "<!-- end -->"];
  const at = text.indexOf(begin);
  if (at < 0) throw new RangeError(`${file} has no ${begin}`);
  const [from, to] = [at + begin.length, text.indexOf(end, at)];
  writeFileSync(file, `${text.slice(0, from)}\n\n${lines.join("\n")}\n\n${text.slice(to)}`);
}
