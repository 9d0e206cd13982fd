import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { parseTopology } from "../../src/topology/parse.ts";
import { FakeMachine } from "../lab/fake-machine.ts";
import { bringUp } from "../lab/running.ts";
import { planOf } from "../support/lab-status.ts";
import { run } from "./run.ts";

const clab = `
name: demo
mgmt: { network: custom }
topology:
  nodes:
    r1: { kind: linux, image: fe80 }
    r2: { kind: nokia_srlinux }
  links:
    - endpoints: ["r1:eth1", "r2:e1-1"]
`;

const noEnvironment = {
  environment: async () => {
    throw new Error("the runtime was loaded");
  },
};
const replace = ["--replace-kind", "nokia_srlinux=speaker"];
const own = planOf("name: demo\nrouters: [r1, r2]\nlinks: [r1:eth1 -- r2:e1-1]");

const written = (t: { testdir(files: Record<string, string>): string }, text: string) =>
  join(t.testdir({ "demo.clab.yml": text }), "demo.clab.yml");

t.test("import writes our form, and warns of what is left out on standard error", async (t) => {
  const file = written(t, clab);
  const { exit, out, err } = await run(["import", file, ...replace], undefined, noEnvironment);
  t.equal(exit, 0);
  t.match(err, [/demo\.clab\.yml:3:1: warning: mgmt means nothing to fe80/]);
  const { routers, links } = parseTopology({ file: "demo.yaml", text: out.join("\n") });
  t.strictSame([routers.length, links.length], [2, 1]);
  const result = join(t.testdirName, "demo.yaml");
  await run(["import", file, ...replace, "-o", result], undefined, noEnvironment);
  t.equal(readFileSync(result, "utf8"), `${out.join("\n")}\n`);
});

t.test(
  "a kind that cannot be run is a mistake at its place for each command that takes a topology",
  async (t) => {
    const file = written(t, clab);
    for (const command of ["up", "plan", "check", "test", "simulate", "import"]) {
      const machine = new FakeMachine();
      const { exit, err } = await run([command, file], machine);
      t.equal(exit, 2, command);
      t.match(
        err.join("\n"),
        /demo\.clab\.yml:7:17: fe80 cannot run the kind nokia_srlinux\n.*\n.*\n {2}hint: --replace-kind/,
      );
      t.strictSame(machine.calls, []);
    }
  },
);

t.test("a containerlab file comes up as it is", async (t) => {
  const machine = new FakeMachine();
  machine.converge(own);
  const { exit, err } = await run(["up", written(t, clab), ...replace], machine);
  t.equal(exit, 0);
  t.match(err[0], /warning: mgmt/);
  t.ok(machine.running.has("demo"));
});

t.test("a containerlab file names its lab even if it cannot be run", async (t) => {
  const machine = await bringUp(own);
  t.match((await run(["inspect", written(t, clab)], machine)).out.at(-1), /^demo converged/);
  t.match((await run(["down", written(t, clab)], machine)).out, ["demo is down"]);
});

t.test("check, plan and simulate read what up reads", async (t) => {
  const file = written(t, clab);
  t.match((await run(["check", file, ...replace])).out, [/^demo is a valid topology: 2 routers, 1 link/]);
  t.match((await run(["plan", file, ...replace])).out.at(-1), /^demo: 2 routers, 1 link, 1 daemon/);
  t.match((await run(["simulate", "--runs", "1", file, ...replace])).exit, 0);
});

t.test("what is wrong only in our form is told with its place there", async (t) => {
  const passive = clab
    .replace("image: fe80", "image: exabgp")
    .replace("kind: nokia_srlinux", "kind: linux, image: exabgp");
  const { exit, err } = await run(["check", written(t, passive)]);
  t.equal(exit, 2);
  t.match(err.join("\n"), /demo\.clab\.yml as fe80 import writes it:\d+:\d+: r1 and r2 would both wait/);
});

t.test("export writes each format, and says which there are", async (t) => {
  const file = "topologies/seed-pair.yaml";
  for (const [format, begin] of [
    ["containerlab", "# Exported by fe80"],
    ["mermaid", "---\ntitle: seed-pair"],
    ["dot", 'graph "seed-pair" {'],
    ["json", '{\n  "name": "seed-pair"'],
  ] as const) {
    const { exit, out } = await run(["export", "--format", format, file], undefined, noEnvironment);
    t.equal(exit, 0);
    t.ok(out.join("\n").startsWith(begin), format);
  }
  const { exit, err } = await run(["export", "--format", "svg", file]);
  t.equal(exit, 2);
  t.match(err.join("\n"), "Allowed choices are containerlab, mermaid, dot, json.");
});

t.test("a kind is replaced by any of ours, and by no other", async (t) => {
  const { out } = await run(["import", written(t, clab), "--replace-kind", "nokia_srlinux=frr"]);
  t.match(out.join("\n"), "kind: frr");
  for (const text of ["srl", "srl=quagga", "=speaker"]) {
    const { exit, err } = await run(["import", "x.clab.yml", "--replace-kind", text]);
    t.equal(exit, 2);
    t.match(err.join("\n"), "Give it as srl=speaker; there are speaker, bird, frr, gobgp, openbgpd, exabgp.");
  }
});
