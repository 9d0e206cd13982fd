import { readFileSync } from "node:fs";
import t from "tap";
import { InterruptedError } from "../../src/lab/errors.ts";
import { run } from "./run.ts";

const file = "topologies/seed-pair.yaml";

t.test("simulate prints what was simulated, and needs no environment", async (t) => {
  const environment = async () => t.fail("a simulation needs no runtime") as never;
  const { exit, out, err } = await run(["simulate", file, "--runs", "5", "--seed", "3"], undefined, {
    environment,
  });
  t.equal(exit, 0);
  t.match(out.at(-1), /^seed-pair: 5 runs from seed 3, all good \(\d+ runs a minute\)$/);
  t.strictSame(err, []);
});

t.test("in JSON it is the whole report, the trace included if asked for", async (t) => {
  const { out } = await run(["simulate", file, "--runs", "1", "--seed", "3", "-v", "-f", "json"]);
  const { seed, runs, failures, trace } = JSON.parse(out.join("\n"));
  t.match({ seed, runs, failures }, { seed: 3, runs: 1, failures: [] });
  t.ok(trace.lines.length > 50);
});

t.test("wrong arguments and wrong files end with 2", async (t) => {
  for (const args of [
    ["--runs", "0"],
    ["--runs", "many"],
    ["--seed", "-1"],
    ["--seed", "4294967296"],
  ]) {
    t.equal((await run(["simulate", file, ...args])).exit, 2, args.join(" "));
  }
  t.equal((await run(["simulate", "topologies"])).exit, 2);
});

t.test("Ctrl-C ends it with the report until then, and 130", async (t) => {
  const signal = AbortSignal.abort(new InterruptedError("SIGINT"));
  const clock = {
    now: () => performance.now() * 1000,
    wallTime: () => 0,
    after: () => ({ [Symbol.dispose]() {} }),
  };
  const { exit, out, err } = await run(["simulate", file, "--runs", "1000000"], undefined, { signal, clock });
  t.equal(exit, 130);
  t.match(out.at(-1), /^seed-pair: \d+ runs? from seed \d+, all good/);
  t.strictSame(err, ["error: interrupted by SIGINT"]);
});

t.test("every command of docs/simulation.md works as it stands there", async (t) => {
  const page = readFileSync("docs/simulation.md", "utf8");
  const commands = [...page.matchAll(/^```sh\nfe80 (.*)\n```/gm)].map(([, command = ""]) =>
    command.split(" "),
  );
  t.equal(commands.length, 2);
  for (const command of commands) t.equal((await run(command)).exit, 0, command.join(" "));
});
