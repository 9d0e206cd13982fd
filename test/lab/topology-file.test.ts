import t from "tap";
import { checkFiles, readPlan } from "../../src/lab/topology-file.ts";

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
