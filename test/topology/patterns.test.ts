import t from "tap";
import { mistakesIn, topologyOf, workedMs } from "./parsing.ts";

const routers = 'routers: ["leaf[1-3]", "spine[1-2]"]';
const linksOf = (text: string) =>
  topologyOf(`name: lab\n${routers}\nlinks:\n${text}`).links.map(({ ends }) =>
    ends.map(({ router, ifname }) => `${router}:${ifname}`).join(" "),
  );
const pairsOf = (text: string) => linksOf(text).map((link) => link.replace(/:\w+/g, ""));

t.test("a pattern on each side is every router of one with every router of the other", async (t) => {
  const mesh = [
    "leaf1 spine1",
    "leaf1 spine2",
    "leaf2 spine1",
    "leaf2 spine2",
    "leaf3 spine1",
    "leaf3 spine2",
  ];
  t.strictSame(pairsOf("- leaf* -- spine*"), mesh);
  t.strictSame(pairsOf("- leaf[1-3] -- spine[1-2]"), mesh);
  t.strictSame(pairsOf("- leaf[2-3] -- spine1"), ["leaf2 spine1", "leaf3 spine1"]);
  t.strictSame(linksOf("- leaf[1-2] -- spine1\n- leaf1 -- spine1"), [
    "leaf1:eth0 spine1:eth0",
    "leaf2:eth0 spine1:eth1",
    "leaf1:eth1 spine1:eth2",
  ]);
  t.strictSame(linksOf("- leaf[1-2]:up -- spine1"), ["leaf1:up spine1:eth0", "leaf2:up spine1:eth1"]);
});

t.test("where the sides overlap each pair is linked once, and nobody with itself", async (t) => {
  t.strictSame(pairsOf("- leaf* -- leaf*"), ["leaf1 leaf2", "leaf1 leaf3", "leaf2 leaf3"]);
  t.strictSame(pairsOf("- leaf[1-2] -- leaf[2-3]"), ["leaf1 leaf2", "leaf1 leaf3", "leaf2 leaf3"]);
  t.strictSame(pairsOf('- "* -- leaf1"'), ["leaf2 leaf1", "leaf3 leaf1", "spine1 leaf1", "spine2 leaf1"]);
});

t.test("several ends are a chain, or a cycle", async (t) => {
  t.strictSame(pairsOf("- leaf1 -- leaf2 -- leaf3 -- leaf1"), ["leaf1 leaf2", "leaf2 leaf3", "leaf3 leaf1"]);
  t.strictSame(pairsOf("- leaf1 -- spine* -- leaf2"), [
    "leaf1 spine1",
    "leaf1 spine2",
    "spine1 leaf2",
    "spine2 leaf2",
  ]);
});

t.test("links side by side are links of their own", async (t) => {
  const twice = ["leaf1:eth0 leaf2:eth0", "leaf1:eth1 leaf2:eth1"];
  t.strictSame(linksOf("- leaf1 -- leaf2\n- leaf1 -- leaf2"), twice);
  t.strictSame(linksOf("- { link: leaf1 -- leaf2, count: 2 }"), twice);
  t.equal(linksOf("- { link: leaf* -- spine*, count: 3 }").length, 18);
});

t.test("what a pattern's sessions say holds for its routers, by name before by pattern", async (t) => {
  const { links } = topologyOf(`
name: lab
${routers}
links:
  - link: leaf* -- spine1
    sessions: { leaf2: { med: 2 }, "leaf*": { med: 1 }, "leaf[3-3]": { med: 3 }, spine1: { passive: true } }`);
  t.strictSame(
    links.map(({ ends: [leaf, spine] }) => [leaf.session.med, spine.session.passive]),
    [
      [1, true],
      [2, true],
      [3, true],
    ],
  );
});

t.test("mistakes in patterns are named where they are", async (t) => {
  const known = "the routers are leaf1, leaf2, leaf3, spine1, spine2";
  const cases: [text: string, ...mistakes: string[]][] = [
    ["- laef1* -- spine1", `4:3 "laef1*" stands for no router | did you mean leaf1?`],
    ["- leaf[3-5] -- spine1", '4:3 no router is called "leaf4" | did you mean leaf1?'],
    ["- x* -- y*", `4:3 "x*" stands for no router | ${known}`, `4:9 "y*" stands for no router | ${known}`],
    ["- leaf1* -- leaf1", "4:3 this joins no two routers | a pattern on both sides links different routers"],
    ["- leaf1 -- leaf1", "4:3 both ends of the link are at leaf1 | a link joins two routers"],
    ["- leaf1 -- spine[1-2]:eth0", ...[]],
    ["- leaf1:eth0 -- spine*", "4:3 leaf1:eth0 is taken by another link here"],
    [
      "- leaf[1-] -- spine1",
      '4:3 "leaf[1-]" is not the end of a link | write a link as r1 -- r2, or as r1:eth0 -- r2:eth3',
    ],
    [
      "- leaf1:a-name-of-16-oct -- spine1:another-16-octet",
      '4:9 "a-name-of-16-oct" is not an interface name | up to 15 characters without space, /, : or %; not lo, all or default',
      '4:36 "another-16-octet" is not an interface name | up to 15 characters without space, /, : or %; not lo, all or default',
    ],
    ["- { link: leaf1 -- leaf2, count: 0 }", "4:34 0 is not a number of links from 1 to 1000"],
    [
      '- { link: leaf* -- spine1, sessions: { "x*": { med: 1 } } }',
      '4:40 "x*" is not on this link | the ends of the link are leaf* and spine1',
    ],
    [
      '- { link: leaf* -- spine1, mac: ["02:00:00:00:00:01", ~] }',
      "4:34 02:00:00:00:00:01 is taken by another link here",
    ],
  ];
  for (const [text, ...mistakes] of cases) {
    if (mistakes.length > 0)
      t.strictSame(mistakesIn(`name: lab\n${routers}\nlinks:\n${text}`), mistakes, text);
    else t.ok(linksOf(text));
  }
});

t.test("links that become too many are refused at once", async (t) => {
  const start = workedMs();
  const text = 'name: lab\nrouters: ["r[1-10000]"]\nlinks: ["r* -- r*", "r* -- r*"]';
  t.strictSame(mistakesIn(text), [
    "3:9 the links have become too many here | at most 20000 in a lab; leaf* -- spine* is every leaf with every spine",
  ]);
  t.ok(workedMs() - start < 2000);
});
