import type { ImageInfo } from "dockerode";
import { RuntimeError } from "../errors.ts";
import type { Surroundings } from "./engine-address.ts";
import { type PinnedImage, pinnedImages } from "./image-pins.ts";
import { openEngine } from "./open.ts";

/** The label with what was pinned when an image was built, as JSON. */
const PACKAGES = "fe80.packages";

/** The images of this version, what the engine that the user means has of them, and why it cannot be asked, if so. */
export async function listImages(surroundings: Surroundings) {
  const pins = pinnedImages();
  try {
    return { images: imageStates(pins, await openEngine(surroundings).images("fe80/*")) };
  } catch (failure) {
    if (failure instanceof RuntimeError) return { images: imageStates(pins, []), failure };
    throw failure;
  }
}

/** Images, and what the engine lists of them. */
export function imageStates(pins: readonly PinnedImage[], listed: readonly ImageInfo[]) {
  return pins.map(({ image, packages }) => {
    const found = listed.find(({ RepoTags: tags }) => tags?.includes(image));
    return { image, packages, built: found ? builtOf(found) : null };
  });
}

function builtOf({ Id: id, Size: size, Labels: labels }: ImageInfo) {
  const packages = labels?.[PACKAGES];
  return {
    id,
    size,
    packages: packages === undefined ? null : (JSON.parse(packages) as PinnedImage["packages"]),
  };
}
