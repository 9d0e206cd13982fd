import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Test } from "tap";

/**
 * Compares text with a file of `test/golden/`.
 *
 * With `GOLDEN=write` in the environment the file is written instead; read the difference before you commit it.
 */
export function matchesGolden(t: Test, file: string, actual: string): void {
  const path = new URL(`../golden/${file}`, import.meta.url).pathname;
  if (process.env["GOLDEN"] === "write") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
  }
  t.equal(actual, readFileSync(path, "utf8"), `equals test/golden/${file}`);
}
