import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pinnedImages } from "../src/runtime/docker/image-pins.ts";

/**
 * How long a ring of routers in containers takes from the start of `fe80 up` to made and to converged, and `fe80 down`, beside
 * as many containers of the same image that do nothing, by plain `docker run` and `docker rm`; in one run, taking turns.
 *
 *     node bench/docker.ts [RUNS] [SIZE…]      medians of 3 runs of 10 and 50 unless given
 *
 * It needs a Docker Engine with the images (docs/images.md).
 */

const [runs = 3, ...given] = process.argv.slice(2).map(Number);
const sizes = given.length > 0 ? given : [10, 50];
const image = pinnedImages().find(({ name }) => name === "speaker")?.image ?? "";
const directory = mkdtempSync(join(tmpdir(), "fe80-bench-"));

/** Milliseconds of each step. */
type Times = Readonly<Record<string, number>>;

/** Runs a program to its end. @param onLine gets each line of its standard error. @throws if it fails */
async function run(
  [program = "", ...args]: readonly string[],
  onLine: (line: string) => void = () => {},
): Promise<void> {
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  const lines: string[] = [];
  createInterface(child.stderr).on("line", (line) => {
    lines.push(line);
    onLine(line);
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`${[program, ...args].join(" ")} failed:\n${lines.join("\n")}`);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function plain(size: number, atOnce: number): Promise<Times> {
  const names = Array.from({ length: size }, (_, index) => `fe80-bench-${index + 1}`);
  const options = ["--detach", "--network", "none", "--init", "--entrypoint", "sleep"];
  const left = [...names];
  const work = async () => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      await run(["docker", "run", ...options, "--name", name, image, "infinity"]);
    }
  };
  return {
    made: await timed(() => Promise.all(Array.from({ length: atOnce }, work))),
    removed: await timed(() => run(["docker", "rm", "--force", ...names])),
  };
}

async function lab(size: number): Promise<Times> {
  const file = join(directory, `ring-${size}.yaml`);
  await run(["./fe80", "generate", "ring", "--routers", String(size), "--name", "bench-docker", "-o", file]);
  let made = Number.NaN;
  const start = performance.now();
  const converged = await timed(() =>
    run(["./fe80", "up", file, "--runtime", "docker", "--timeout", "5m"], (line) => {
      if (line.endsWith(" made")) made = performance.now() - start;
    }),
  );
  return { made, converged, removed: await timed(() => run(["./fe80", "down", "bench-docker"])) };
}

const contenders: Readonly<Record<string, (size: number) => Promise<Times>>> = {
  "docker run, one by one": (size) => plain(size, 1),
  "docker run, 8 at once": (size) => plain(size, 8),
  "fe80 up": lab,
};

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

function cell(times: readonly Times[], step: string): string {
  const values = times.flatMap((each) => each[step] ?? []);
  return (values.length === 0 ? "-" : `${(median(values) / 1000).toFixed(2)} s`).padStart(12);
}

const steps = ["made", "converged", "removed"];
process.stdout.write(`medians of ${runs} runs\n`);
try {
  for (const size of sizes) {
    const times = new Map<string, Times[]>(Object.keys(contenders).map((name) => [name, []]));
    for (let count = 0; count < runs; count++) {
      for (const [name, contender] of Object.entries(contenders))
        times.get(name)?.push(await contender(size));
    }
    const head = steps.map((step) => step.padStart(12)).join("");
    process.stdout.write(`\n${`${size} containers`.padEnd(24)}${head}\n`);
    for (const [name, each] of times) {
      process.stdout.write(`${name.padEnd(24)}${steps.map((step) => cell(each, step)).join("")}\n`);
    }
  }
} finally {
  rmSync(directory, { recursive: true });
}
