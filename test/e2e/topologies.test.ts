import { readdirSync, readFileSync } from "node:fs";
import t from "tap";
import { fe80, nothing, traces } from "./command.ts";

// Every lab that ships comes up as it is, converges, and goes without a trace. BIRD is not optional here: `make daemons`
// installs it. Those that need a Docker Engine are for test/docker.

t.test("the README shows what seed-pair really prints", async (t) => {
  const { stdout } = await fe80("test", "topologies/seed-pair.yaml");
  const timeless = (text: string) => text.replace(/converged in \d+ ms/, "converged in N ms");
  t.ok(timeless(readFileSync("README.md", "utf8")).includes(timeless(stdout).trim()), stdout);
});

const files = readdirSync("topologies").filter((name) => name.endsWith(".yaml"));
const isContained = (file: string) => readFileSync(`topologies/${file}`, "utf8").includes("runtime: docker");

for (const file of files.filter((name) => !isContained(name))) {
  const lab = file.replace(".yaml", "");
  t.test(`${lab} converges, and leaves nothing`, async (t) => {
    const before = traces(lab);
    const { exit, stdout, stderr } = await fe80("test", `topologies/${file}`);
    t.equal(exit, 0, stderr);
    t.match(
      stdout,
      new RegExp(
        `^${lab} converged in \\d+ ms: (\\d+) of \\1 sessions Established, (\\d+) of \\2 routes`,
        "m",
      ),
    );
    t.strictSame(traces(lab), nothing(before));
  });
}
