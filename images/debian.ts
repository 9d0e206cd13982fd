import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../src/std/errors.ts";
import { run, succeeds } from "./run.ts";

const release = "bookworm";
const official = `debian:${release}-slim`;
const own = `fe80/debian:${release}`;

/** The image of Debian to begin with: the one that is wanted, else Debian's own, else one made by debootstrap(8). */
export async function findDebian(wanted: string | undefined): Promise<string> {
  const has = (image: string) => succeeds("docker", "image", "inspect", image);
  if (wanted !== undefined && wanted !== "debootstrap") return wanted;
  if (wanted === undefined && (await has(official))) return official;
  if (await has(own)) return own;
  if (wanted === undefined && (await succeeds("docker", "pull", official))) return official;
  await makeDebian();
  return own;
}

/** As small as Debian's own image: it has no manuals, and packages bring none later. Needs root. */
async function makeDebian(): Promise<void> {
  const root = mkdtempSync("/var/tmp/fe80-debian-");
  try {
    await debootstrap(root);
    const manuals = ["doc", "info", "locale", "man"].map((name) => `/usr/share/${name}/*`);
    const rules = ["force-unsafe-io", ...manuals.map((path) => `path-exclude ${path}`)];
    writeFileSync(join(root, "etc/dpkg/dpkg.cfg.d/image"), `${rules.join("\n")}\n`);
    const left = [...manuals, "/var/cache/apt/*", "/var/lib/apt/lists/*", "/var/log/*"];
    const pack = `tar -C ${root} ${left.map((path) => `--exclude='.${path}'`).join(" ")} -c .`;
    await run(["sh", "-c", `${pack} | docker import --change 'CMD ["bash"]' - ${own}`]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function debootstrap(root: string): Promise<void> {
  try {
    await run(["debootstrap", "--variant=minbase", release, root]);
  } catch (cause) {
    const how = "name another image of Debian by BASE=IMAGE, or install debootstrap and run this as root";
    throw new Error(
      `the engine has no image of Debian to begin with, and none can be made (${how}): ${messageOf(cause)}`,
      { cause },
    );
  }
}
