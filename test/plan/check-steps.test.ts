import t from "tap";
import { checkSteps } from "../../src/plan/check-steps.ts";
import { topologyOf } from "../topology/parsing.ts";

const paths = { netnsDirectory: "/run/netns", runDirectory: "/run/fe80/lab" };
const triangle = (steps: string) =>
  topologyOf(`name: lab
routers: { r1: , r2: , r3: { originate: [10.0.3.0/24] } }
links: [r1 -- r2 -- r3 -- r1]
steps:
  - { do: { kill: r2 } }
  - { do: heal }
${steps}`);

t.test("a step after which nobody knows what the lab comes to is a mistake at its place", async (t) => {
  const prefer = "{ local-pref: 200 }";
  const topology = triangle(`  - { do: { configure: { r1:eth0: ${prefer}, r2:eth0: ${prefer} } } }`);
  t.throws(() => checkSteps(topology, paths), {
    code: "TOPOLOGY_INVALID",
    message:
      /^lab\.yaml:7:5: after this step, what routers prefer does not settle .* 10\.0\.3\.0\/24 .*\n {2}hint: /,
    diagnostics: [{ file: "lab.yaml", line: 7, column: 5 }],
  });
});

t.test("other steps are sound, and so is chaos", async (t) => {
  const topology = triangle("  - { do: { link-down: r1 } }\n  - { chaos: { faults: 1000 } }");
  t.doesNotThrow(() => checkSteps(topology, paths));
});
