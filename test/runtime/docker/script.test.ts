import { spawnSync } from "node:child_process";
import t from "tap";
import { scriptOf } from "../../../src/runtime/docker/script.ts";
import type { Command } from "../../../src/runtime/runtime.ts";

function run(...commands: Command[]): { status: number | null; outputs: string[] } {
  const { words, split } = scriptOf(commands);
  const [program, ...args] = words;
  const { status, stdout } = spawnSync(program, args, { encoding: "utf8" });
  return { status, outputs: split(stdout) };
}

t.test(
  "programs run one after the other, with their words as they are and their outputs apart",
  async (t) => {
    t.strictSame(run(["echo", "it's", "$HOME", "a;b"], ["printf", "two\\nlines"], ["true"]), {
      status: 0,
      outputs: ["it's $HOME a;b", "two\nlines", ""],
    });
  },
);

t.test("the first that fails is the last that runs", async (t) => {
  t.match(run(["echo", "one"], ["sh", "-c", "exit 4"], ["echo", "three"]), {
    status: 4,
    outputs: ["one", ""],
  });
});
