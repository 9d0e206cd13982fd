import t from "tap";
import { formatSketch } from "../../src/generate/format-sketch.ts";

t.test("a sketch becomes the text that a person would have written", async (t) => {
  const text = formatSketch({
    comment: ["Two tiers.", "And a wire."],
    name: "lab",
    defaults: { asn: 65000 },
    routers: [
      { name: "leaf[1-2]", asn: "65000 + n", originate: ["10.0.{n}.0/24"] },
      { name: "spine" },
      { name: "7", kind: "bird" },
    ],
    links: [{ link: "leaf* -- spine" }, { link: "spine:up -- 7:down", mtu: 1500 }],
  });
  t.equal(
    text,
    `# Two tiers.
# And a wire.
name: lab

defaults: { asn: 65000 }

routers:
  "leaf[1-2]": { asn: 65000 + n, originate: ["10.0.{n}.0/24"] }
  spine:
  "7": { kind: bird }

links:
  - leaf* -- spine
  - { link: "spine:up -- 7:down", mtu: 1500 }
`,
  );
});

t.test("a lab of one router has no links to write", async (t) => {
  t.equal(
    formatSketch({ comment: [], name: "one", routers: [{ name: "r1" }], links: [] }),
    "name: one\n\nrouters:\n  r1:\n",
  );
});
