import { readdirSync } from "node:fs";
import t from "tap";
import { fe80, nothing, traces } from "./command.ts";

// Every lab that ships comes up as it is, converges, and goes without a trace. BIRD is not optional here: `make daemons`
// installs it.

for (const file of readdirSync("topologies").filter((name) => name.endsWith(".yaml"))) {
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
