import t from "tap";
import { daemonsOf } from "../../src/kinds/kinds.ts";
import { matchesGolden } from "../support/golden.ts";
import { planOf } from "../support/lab-status.ts";
import { context } from "./recorded.ts";

/** What all kinds have words for; that they do as it says is proven by `test/e2e/kind-policies.test.ts`. */
const policies = `
  taken:
    - match: { prefix: [10.0.0.0/8 le 24, 10.1.0.0/16, "2001:db8::/32 ge 48 le 64"], community: ["64512:1", no-export] }
      set: { local-pref: 200, community: { delete: ["64512:1"], add: ["64513:2"] } }
      then: next
    - match: { as-path: "_64514_", peer: [64512] }
      then: reject
    - match: { large-community: ["64512:1:2"], ext-community: ["rt:64512:1"] }
      set: { prepend: 2, large-community: { set: ["64513:3:4"] }, ext-community: { add: ["soo:70000:5"] } }
    - { match: { peer: [eth7] }, then: reject }
    - { set: { community: { set: [] } } }
  told:
    - { match: { as-path: "^(64514|64515)_" }, set: { med: 10, community: { add: ["64513:5"] } } }
    - { match: { prefix: [10.2.0.0/16 ge 24] } }`;

const files = { bird: "conf", frr: "bgpd.conf", gobgp: "toml", openbgpd: "conf" };

for (const [kind, ends] of Object.entries(files)) {
  t.test(`policies in the words of ${kind}`, async (t) => {
    const families = kind === "openbgpd" ? "families: [ipv6-unicast], " : "";
    const plan = planOf(`name: lab
policies: ${policies}
routers:
  r1:
  r2: { kind: ${kind}, ${families}import: taken, export: told, communities: ["64513:9"] }
links: [r1 -- r2]
`);
    const daemon = daemonsOf(plan, context).find(({ routers }) => routers.includes("r2"));
    const text = daemon?.files.find(({ path }) => path.endsWith(ends))?.text ?? "";
    matchesGolden(t, `kinds/${kind}.txt`, text);
  });
}
