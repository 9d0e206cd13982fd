import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A lab to bring up. */
export interface BenchLab {
  readonly name: string;
  readonly file: string;
  /** From the start of `fe80 up` until it has converged, on a machine of two cores. */
  readonly targetMs: number;
}

/** Those that have a target, and files for those that do not ship, until the result is disposed of. */
export function benchLabs(): Disposable & { readonly labs: readonly BenchLab[] } {
  const directory = mkdtempSync(join(tmpdir(), "fe80-bench-"));
  const generate = (name: string, ...shape: string[]) => {
    const file = join(directory, `${name}.yaml`);
    execFileSync("./fe80", ["generate", ...shape, "--name", name, "-o", file], { stdio: "pipe" });
    return file;
  };
  const shipped = (name: string, targetMs: number) => ({ name, file: `topologies/${name}.yaml`, targetMs });
  return {
    labs: [
      shipped("seed-pair", 300),
      shipped("clos-2x4", 500),
      { name: "ring-100", file: generate("ring-100", "ring", "--routers", "100"), targetMs: 2000 },
      {
        name: "clos-16x64",
        file: generate("clos-16x64", "clos", "--spines", "16", "--leaves", "64"),
        targetMs: 8000,
      },
      { name: "ring-1000", file: generate("ring-1000", "ring", "--routers", "1000"), targetMs: 60_000 },
    ],
    [Symbol.dispose]: () => rmSync(directory, { recursive: true }),
  };
}

/** Rings of growing size. */
export function growingRings(sizes: readonly number[]): Disposable & { readonly labs: readonly BenchLab[] } {
  const directory = mkdtempSync(join(tmpdir(), "fe80-bench-"));
  const labs = sizes.map((size) => {
    const name = `ring-${size}`;
    const file = join(directory, `${name}.yaml`);
    execFileSync("./fe80", ["generate", "ring", "--routers", String(size), "--name", name, "-o", file], {
      stdio: "pipe",
    });
    return { name, file, targetMs: Number.NaN };
  });
  return { labs, [Symbol.dispose]: () => rmSync(directory, { recursive: true }) };
}
