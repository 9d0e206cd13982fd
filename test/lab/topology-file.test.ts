import t from "tap";
import { checkFiles, readPlan, readTopologyFile } from "../../src/lab/topology-file.ts";

const directories = { run: "/run/fe80", netns: "/run/netns" };

t.test("a file becomes a plan with its lab's own directory in it", async (t) => {
  const plan = await readPlan("topologies/seed-pair.yaml", directories);
  t.equal(plan.lab, "seed-pair");
  t.equal(plan.nodes[0]?.router.log, "/run/fe80/seed-pair/r1.log");
  t.equal(plan.nodes[0]?.router.netns, "/run/netns/fe80.seed-pair.r1");
});

t.test("a byte order mark is none of the text", async (t) => {
  const file = `${t.testdir({ "bom.yaml": "\u{feff}nme: lab\n" })}/bom.yaml`;
  await t.rejects(readPlan(file, directories), {
    message: /bom\.yaml:1:1: unknown key "nme"\n {2}nme: lab\n/,
  });
});

t.test("what cannot be read says why", async (t) => {
  for (const [file, why] of [
    ["no-such-file.yaml", "there is no such file"],
    ["package.json/x.yaml", "there is no such file"],
    ["topologies", "it is a directory"],
    [`${"x".repeat(5000)}.yaml`, "ENAMETOOLONG"],
  ] as const) {
    await t.rejects(readPlan(file, directories), {
      code: "FILE_UNREADABLE",
      message: `cannot read ${file}: ${why}`,
      hint: /./,
    });
  }
});

t.test("of many files each is told of at once, sound or wrong", async (t) => {
  const bad = `${t.testdir({ "bad.yaml": "name: [" })}/bad.yaml`;
  t.match(await checkFiles([bad, "topologies/ring-6.yaml", "no-such-file"], directories), [
    { file: bad, error: { code: "TOPOLOGY_INVALID" } },
    { plan: { lab: "ring-6" } },
    { error: { code: "FILE_UNREADABLE" } },
  ]);
});

t.test(
  "a file of checks and steps goes over each topology, and its mistakes are told with its name",
  async (t) => {
    const directory = t.testdir({
      "checks.yaml": "expect: { within: 7s, ping: [{ from: r1, to: r2 }] }\nsteps: [{ do: { kill: r1 } }]\n",
      "wrong.yaml": "steps:\n  - { do: { kill: r9 } }\n",
    });
    const files = ["topologies/seed-pair.yaml", "topologies/clos-2x4.yaml"];
    const [pair, clos] = await checkFiles(files, directories, { checks: `${directory}/checks.yaml` });
    t.match(pair, {
      file: files[0],
      topology: {
        name: "seed-pair",
        expect: {
          withinMs: 7000,
          checks: [{ type: "ping", place: { file: `${directory}/checks.yaml`, line: 1 } }],
        },
        steps: [{ name: "kill r1", place: { file: `${directory}/checks.yaml`, line: 2 } }],
      },
      plan: { isolated: true },
    });
    t.match(
      clos,
      { error: { message: /checks\.yaml:1:\d+: no router is called "r1"/ } },
      "clos-2x4 has no r1",
    );
    t.match(
      await checkFiles(["topologies/seed-pair.yaml"], directories, { checks: `${directory}/wrong.yaml` }),
      [{ error: { message: /wrong\.yaml:2:19: no router is called "r9"/ } }],
    );
    t.match(await checkFiles(["topologies/seed-pair.yaml"], directories, { checks: "nowhere.yaml" }), [
      { error: { code: "FILE_UNREADABLE", message: "cannot read nowhere.yaml: there is no such file" } },
    ]);
  },
);

t.test("other steps may stand in the place of those of the file", async (t) => {
  const steps = [{ do: { "link-down": "leaf1" }, within: "2s" }];
  const { topology } = await readTopologyFile("topologies/failover.yaml", { steps });
  t.match(topology.steps, [{ name: "link-down leaf1", limits: { withinMs: 2000 } }]);
  t.equal(topology.steps.length, 1);
});
