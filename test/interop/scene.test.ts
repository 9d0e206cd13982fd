import t from "tap";
import type { Open } from "../../src/bgp/wire/message.ts";
import { featureNames } from "../../src/interop/feature.ts";
import { disproved } from "../../src/interop/limits.ts";
import { pairsOf } from "../../src/interop/pair.ts";
import { meetingOf, scenesOf, topologyOf } from "../../src/interop/scene.ts";
import { asn } from "../../src/net/asn.ts";
import { kindNames } from "../../src/topology/topology.ts";
import { planOf } from "../support/lab-status.ts";

const all = pairsOf(kindNames, { all: true });

t.test("ours meets each other kind, or each of them each other, too", async (t) => {
  t.strictSame(
    pairsOf(["frr", "bird"], { all: false }).map(({ a, b }) => `${a} ${b}`),
    ["speaker bird", "speaker frr"],
  );
  t.equal(all.length, 15);
});

t.test("every lab of every pair is a sound topology", async (t) => {
  for (const pair of all) {
    for (const scene of scenesOf(pair, featureNames).scenes) {
      const plan = planOf(JSON.stringify(topologyOf(scene)));
      const meetings = new Set(scene.trials.map((trial) => meetingOf(scene, trial)));
      t.ok(plan.lab.length <= 32, plan.lab);
      t.equal(plan.nodes.filter(({ name }) => /^a(-|$)/.test(name)).length, meetings.size);
    }
  }
});

t.test("each feature is tried, or there is a reason and a proof that it cannot be", async (t) => {
  for (const pair of all) {
    const { scenes, cells } = scenesOf(pair, featureNames);
    const tried = scenes.reduce((sum, { trials }) => sum + trials.length, 0);
    t.equal(tried + cells.length, 31, `${pair.a} with ${pair.b}`);
    for (const { verdict, feature } of cells) {
      if (verdict.type !== "cannot") t.fail(feature);
      else t.ok(verdict.reason !== "" && verdict.proof !== "", `${verdict.whose}, ${feature}`);
    }
  }
});

t.test("a limit holds in the direction in which it is one", async (t) => {
  const verdicts = (feature: "route-refresh" | "shutdown") =>
    scenesOf({ a: "speaker", b: "openbgpd" }, [feature]).cells.map(({ way, verdict }) => [way, verdict.type]);
  t.strictSame(verdicts("route-refresh"), [["→", "cannot"]], "it does not answer, but asks");
  t.strictSame(verdicts("shutdown"), []);
});

t.test("a limit may be one beside some others alone", async (t) => {
  const verdicts = (b: "gobgp" | "exabgp") =>
    scenesOf({ a: "frr", b }, ["restart"]).cells.map(({ way, verdict }) => [way, verdict.type]);
  t.strictSame(verdicts("gobgp"), []);
  t.strictSame(verdicts("exabgp"), [["←", "cannot"]], "neither dials when FRR waits for who starts again");
});

t.test("an OPEN speaks against a limit", async (t) => {
  const open: Open = {
    type: "open",
    asn: asn(1),
    holdTime: 9,
    routerId: "0.0.0.1" as Open["routerId"],
    capabilities: [{ type: "extendedMessage" }],
  };
  t.strictSame(disproved("gobgp", open), ["extendedMessage"]);
  t.strictSame(disproved("gobgp", { ...open, capabilities: [] }), []);
});
