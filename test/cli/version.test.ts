import t from "tap";
import { LabError } from "../../src/std/errors.ts";
import { run } from "./run.ts";

const packages = { bird2: "2.0.12-7" };
const images = [
  { image: "fe80/bird:1.2.3", packages, built: { id: "sha256:012345678901", size: 98e6, packages } },
];

/** An engine that cannot be asked. */
class Unreachable extends LabError {
  readonly code = "UNREACHABLE";
}

t.test("version says which one this is, for programs, too", async (t) => {
  t.match(await run(["version"]), { exit: 0, out: ["1.2.3"] });
  t.match(await run(["version", "-f", "json"]), { exit: 0, out: ['{"version":"1.2.3"}'] });
});

t.test("version --images lists images with what they have", async (t) => {
  const cli = { images: async () => ({ images }) };
  t.strictSame(await run(["version", "--images"], undefined, cli), {
    exit: 0,
    out: [
      "IMAGE            HAS             SIZE   ID",
      "fe80/bird:1.2.3  bird2 2.0.12-7  98 MB  012345678901",
    ],
    err: [],
  });
});

t.test(
  "version --images tells what is pinned even if no engine answers, and then why it knows no more",
  async (t) => {
    const failure = new Unreachable("no Docker Engine answers", { hint: "is it running?" });
    const cli = {
      images: async () => ({ images: images.map((image) => ({ ...image, built: null })), failure }),
    };
    const { exit, out, err } = await run(["version", "--images", "-f", "json"], undefined, cli);
    t.equal(exit, 1);
    t.strictSame(JSON.parse(out.join("\n")), [{ image: "fe80/bird:1.2.3", packages, built: null }]);
    t.strictSame(err, ["error: no Docker Engine answers", "hint: is it running?"]);
  },
);
