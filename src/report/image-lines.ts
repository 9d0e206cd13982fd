import { table } from "./table.ts";

/** An image of fe80's, and what an engine has of it. */
export interface ImageState {
  /** E.g. `fe80/frr:0.1.0`. */
  readonly image: string;
  /** Versions of what it adds to the image that it begins with, by name. */
  readonly packages: Packages;
  /** null if the engine does not have it, or was not asked. */
  readonly built: BuiltImage | null;
}

interface BuiltImage {
  /** `sha256:…` */
  readonly id: string;
  /** With all that it begins with, in octets. */
  readonly size: number;
  /** What was pinned when it was built; null if that is not known. */
  readonly packages: Packages | null;
}

type Packages = Readonly<Record<string, string>>;

/** Images with their pinned versions, and whether the engine has them with these. */
export function imageLines(
  images: readonly ImageState[],
  { format }: { format: "table" | "json" },
): string[] {
  if (format === "json") return [JSON.stringify(images, undefined, 2)];
  const rows = images.map(({ image, packages, built }) => [
    image,
    words(packages),
    built ? `${Math.round(built.size / 1e6)} MB` : "-",
    built ? built.id.replace("sha256:", "").slice(0, 12) : "-",
  ]);
  return [
    ...table(["IMAGE", "HAS", "SIZE", "ID"], rows, { noun: "images" }),
    ...images.flatMap(({ image, packages, built }) =>
      built?.packages && words(built.packages) !== words(packages)
        ? [`${image} was built with ${words(built.packages)}: make images builds it anew`]
        : [],
    ),
  ];
}

function words(packages: Packages): string {
  return Object.entries(packages)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
}
