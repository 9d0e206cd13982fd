import t from "tap";
import { pinnedImages } from "../../../src/runtime/docker/image-pins.ts";
import { imageStates } from "../../../src/runtime/docker/images.ts";

t.test("an image is there if the engine lists its name with this version", async (t) => {
  const [base, node] = pinnedImages();
  if (base === undefined || node === undefined) throw new Error("images are missing");
  const labels = { "fe80.packages": JSON.stringify(node.packages) };
  const listed = [
    { Id: "sha256:1", Size: 1, RepoTags: ["fe80/base:0.0.1"], Labels: null },
    { Id: "sha256:2", Size: 2, RepoTags: [node.image, "node"], Labels: labels },
    { Id: "sha256:3", Size: 3, RepoTags: null, Labels: labels },
  ];
  t.match(imageStates([base, node], listed), [
    { image: base.image, built: null },
    { image: node.image, built: { id: "sha256:2", size: 2, packages: node.packages } },
  ]);
});

t.test("an image that somebody else has built says nothing of what is in it", async (t) => {
  const [base] = pinnedImages();
  const listed = [{ Id: "sha256:1", Size: 1, RepoTags: [base?.image ?? ""], Labels: null }];
  t.match(imageStates(pinnedImages(), listed), [{ built: { packages: null } }]);
});

t.test("every image has pinned versions", async (t) => {
  for (const { image, packages } of pinnedImages()) {
    t.match(image, /^fe80\/\w+:\d+\.\d+\.\d+$/);
    for (const version of Object.values(packages)) t.match(version, /^[\w:.~+-]+$/, image);
  }
});
