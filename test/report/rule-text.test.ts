import t from "tap";
import { ruleText } from "../../src/report/rule-text.ts";
import { topologyOf } from "../topology/parsing.ts";

const texts = (rules: string) => {
  const { policies } = topologyOf(`name: lab\nrouters: [r1]\npolicies:\n  p:${rules}`);
  return policies.get("p")?.rules.map(ruleText);
};

t.test("a rule is told in the words of a topology", async (t) => {
  const rules = `
    - reject
    - match: { prefix: [10.0.0.0/8 le 24, 10.1.0.0/16, "2001:db8::/32 ge 48 le 64"], peer: [eth0, 7], med: 0-9 }
    - match: { as-path: "^1_", community: [no-export], large-community: ["1:2:3"], ext-community: ["rt:1:2"] }
      then: next
    - match: { next-hop: ["fe80::/10"], origin: igp, local-pref: 5 }
      set: { local-pref: ~, med: 1, prepend: 2, next-hop: "fe80::7", origin: egp }
    - set: { community: { set: [], add: ["1:2"] }, large-community: { delete: ["1:2:3"] }, ext-community: { set: ["soo:1:2"] } }`;
  t.strictSame(texts(rules), [
    ["-", "-", "reject"],
    ["prefix 10.0.0.0/8 le 24|10.1.0.0/16|2001:db8::/32 ge 48 le 64, peer eth0|7, med 0-9", "-", "accept"],
    ["as-path ^1_, community no-export, ext-community rt:1:2, large-community 1:2:3", "-", "next"],
    [
      "next-hop fe80::/10, origin igp, local-pref 5",
      "origin egp, med 1, local-pref ~, prepend 2, next-hop fe80::7",
      "accept",
    ],
    ["-", "community = none + 1:2, ext-community = soo:1:2, large-community - 1:2:3", "accept"],
  ]);
});
