import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import t from "tap";
import { parse } from "yaml";
import { topology } from "./command.ts";

interface Step {
  readonly name: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const action = parse(readFileSync("action.yml", "utf8")) as {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
};

t.test("docs/ci.md has the action's inputs, and their defaults", async (t) => {
  const rows = readFileSync("docs/ci.md", "utf8").matchAll(
    /^\| `(\w+)` \| [^|]* \| (?:`([^`]*)`|none) \|$/gm,
  );
  const documented = Object.fromEntries([...rows].map(([, name = "", value = ""]) => [name, value]));
  const defaults = Object.entries(action.inputs).map(([name, input]) => [name, input.default]);
  t.strictSame(documented, Object.fromEntries(defaults));
});

t.test("the action's step tests labs, and leaves a report and a summary", async (t) => {
  const step = action.runs.steps.find(({ name }) => name === "Test labs");
  const directory = t.testdir({ sudo: '#!/bin/sh\nshift\nexec "$@"\n' });
  chmodSync(join(directory, "sudo"), 0o755);
  const file = topology(t, "seed-pair", "e2e-action");
  const summary = join(directory, "summary.md");
  writeFileSync(summary, "");
  const inputs = {
    files: file,
    args: "--jobs 1",
    artifacts: join(directory, "out"),
    junit: join(directory, "j.xml"),
  };
  const given = Object.entries(step?.env ?? {}).map(([name, value]) => {
    const [, input = ""] = /^\$\{\{ inputs\.(\w+) \}\}$/.exec(value) ?? [];
    return [name, inputs[input as keyof typeof inputs]];
  });
  const { status, stdout, stderr } = spawnSync("bash", ["-e", "-o", "pipefail", "-c", step?.run ?? "false"], {
    encoding: "utf8",
    env: {
      ...Object.fromEntries(given),
      PATH: `${directory}:${process.env["PATH"]}`,
      GITHUB_ACTION_PATH: resolve("."),
      GITHUB_STEP_SUMMARY: summary,
    },
  });
  t.equal(status, 0, stderr);
  t.match(stdout, /^e2e-action converged in /m);
  t.match(readFileSync(inputs.junit, "utf8"), /<testsuite name="e2e-action"/);
  t.match(readFileSync(summary, "utf8"), "## fe80: 1 of 1 lab passed");
});
