import { readFileSync } from "node:fs";
import { type PinnedImage, pinnedImages } from "../src/runtime/docker/image-pins.ts";
import { messageOf } from "../src/std/errors.ts";
import { findDebian } from "./debian.ts";
import { run } from "./run.ts";

/**
 * Builds the images of labs in containers (docs/images.md) by the `docker` command, on the engine that it knows:
 *
 *     [BASE=IMAGE] node images/build.ts      which is what `make images [BASE=IMAGE]` does
 *
 * They begin with Debian's own image. Where that is not there and cannot be pulled, or with BASE=debootstrap, one is made of
 * Debian's packages, which needs root and debootstrap.
 */
async function buildAll(): Promise<void> {
  await run(["docker", "version"]);
  const debian = await findDebian(process.env["BASE"] || undefined);
  const [base, node, speaker, ...foreign] = pinnedImages();
  if (base === undefined || node === undefined || speaker === undefined)
    throw new Error("images are missing");
  const args = { BASE: debian, PACKAGES: debianPackages(base) };
  const target = (name: string, context: string) => ["--target", name, context];
  // It needs no files, so it gets the Dockerfile alone.
  const input = readFileSync("Dockerfile", "utf8");
  await build(base, { args, words: target("base", "-"), input });
  const ready = new Map([["base", Promise.resolve()]]);
  await build(node, { args, words: target("node", ".") });
  ready.set("speaker", build(speaker, { args, words: target("speaker", ".") }));
  const rest = foreign.map(async (pin) => {
    const directory = `images/${pin.name}`;
    await ready.get(beginningOf(directory));
    const version = pin.image.replace(/^.*:/, "");
    await build(pin, { args: { VERSION: version, PACKAGES: debianPackages(pin) }, words: [directory] });
  });
  await Promise.all([...ready.values(), ...rest]);
}

/** Which image of ours has to be there first. */
function beginningOf(directory: string): string {
  const [, name = ""] = /^FROM fe80\/(\w+):/m.exec(readFileSync(`${directory}/Dockerfile`, "utf8")) ?? [];
  return name;
}

function debianPackages({ packages }: PinnedImage): string {
  return Object.entries(packages)
    .map(([name, version]) => `${name}=${version}`)
    .join(" ");
}

interface Recipe {
  readonly args: Readonly<Record<string, string>>;
  /** The last words of `docker build`. */
  readonly words: readonly string[];
  /** Its standard input. */
  readonly input?: string;
}

async function build({ image, packages }: PinnedImage, { args, words, input = "" }: Recipe): Promise<void> {
  const start = performance.now();
  const options = Object.entries(args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
  // The engine may have no network of its own for containers.
  const network = ["--network", "host"];
  const label = ["--label", `fe80.packages=${JSON.stringify(packages)}`];
  await run(["docker", "build", ...network, ...options, ...label, "-t", image, ...words], input);
  process.stderr.write(`${image} built in ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
}

try {
  await buildAll();
} catch (error) {
  process.stderr.write(`error: ${messageOf(error)}\n`);
  process.exitCode = 1;
}
