import t from "tap";
import { imageLines } from "../../src/report/image-lines.ts";

const packages = { frr: "8.4.4-1" };
const built = { id: "sha256:0123456789abcdef", size: 113_400_000, packages };
const frr = { image: "fe80/frr:0.1.0", packages, built };
const bird = { image: "fe80/bird:0.1.0", packages: { bird2: "2.0.12-7" }, built: null };

t.test("images are told with what is pinned, and whether they are there", async (t) => {
  t.strictSame(imageLines([frr, bird], { format: "table" }), [
    "IMAGE            HAS             SIZE    ID",
    "fe80/frr:0.1.0   frr 8.4.4-1     113 MB  0123456789ab",
    "fe80/bird:0.1.0  bird2 2.0.12-7  -       -",
  ]);
});

t.test("an image of other versions than are pinned is told of, one of unknown versions is not", async (t) => {
  const lines = (packages: Record<string, string> | null) =>
    imageLines([{ ...frr, built: { ...built, packages } }], { format: "table" }).slice(2);
  t.strictSame(lines({ frr: "8.4.2-1" }), [
    "fe80/frr:0.1.0 was built with frr 8.4.2-1: make images builds it anew",
  ]);
  t.strictSame(lines(null), []);
});

t.test("programs get the whole", async (t) => {
  const [text = ""] = imageLines([frr, bird], { format: "json" });
  t.strictSame(JSON.parse(text), [frr, bird]);
});
