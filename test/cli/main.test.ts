import t from "tap";
import { run } from "./run.ts";

const noEnvironment = {
  environment: async () => {
    throw new Error("the runtime was loaded");
  },
};

t.test("help and version need nothing", async (t) => {
  const help = await run(["--help"], undefined, noEnvironment);
  t.equal(help.exit, 0);
  t.match(
    help.out.join("\n"),
    /Usage: fe80[\s\S]*\bup\|deploy\b[\s\S]*\bdown\|destroy\b[\s\S]*\binspect\|status\b/,
  );
  for (const args of [["version"], ["--version"], ["-V"]]) {
    t.strictSame(await run(args, undefined, noEnvironment), { exit: 0, out: ["1.2.3"], err: [] });
  }
});

t.test("a plan is printed without anything that only labs need", async (t) => {
  const { exit, out } = await run(["plan", "topologies/seed-pair.yaml"], undefined, noEnvironment);
  t.equal(exit, 0);
  t.match(out.join("\n"), /start speaker-1/);
});

for (const { args, message } of [
  { args: [], message: "Usage: fe80" },
  { args: ["upp"], message: "(Did you mean up?)" },
  { args: ["up"], message: "error: missing required argument 'file'" },
  { args: ["up", "a.yaml", "b.yaml"], message: "error: too many arguments" },
  { args: ["up", "--tiemout", "3", "a.yaml"], message: "(Did you mean --timeout?)" },
  { args: ["up", "--timeout", "soon", "a.yaml"], message: "Give a time such as 5s, 500ms or 2m." },
  { args: ["up", "--timeout", "0", "a.yaml"], message: "Give a time such as 5s, 500ms or 2m." },
  { args: ["inspect", "-f", "xml"], message: "Allowed choices are table, json." },
  { args: ["down"], message: "error: name one lab, or give --all" },
  { args: ["down", "lab", "--all"], message: "error: name one lab, or give --all" },
  { args: ["exec", "lab", "r1"], message: "error: missing required argument 'command'" },
]) {
  t.test(
    `wrong usage, as in fe80 ${args.join(" ")}, ends with 2 and says so on standard error`,
    async (t) => {
      const { exit, out, err } = await run(args, undefined, noEnvironment);
      t.equal(exit, 2);
      t.strictSame(out, []);
      t.match(err.join("\n"), message);
    },
  );
}

t.test("check tells of each file, and of each mistake in any of them, without the runtime", async (t) => {
  const good = await run(
    ["check", "topologies/seed-pair.yaml", "topologies/ring-6.yaml"],
    undefined,
    noEnvironment,
  );
  t.strictSame(good, {
    exit: 0,
    out: [
      "seed-pair is a valid topology: 2 routers, 1 link; expects 2 sessions and 8 routes",
      "ring-6 is a valid topology: 6 routers, 6 links; expects 12 sessions and 72 routes",
    ],
    err: [],
  });
  const file = `${t.testdir({ "bad.yaml": "name: bad\nrouters:\n  r1: { asm: 1 }\nlinks: []\n" })}/bad.yaml`;
  const bad = await run(["check", file, "no-such-file"], undefined, noEnvironment);
  t.equal(bad.exit, 2);
  t.match(bad.err, [
    /bad\.yaml:3:\d+: /,
    "error: cannot read no-such-file: there is no such file",
    /^hint: /,
  ]);
});

t.test("a bug ends with 70 and a stack", async (t) => {
  const { exit, err } = await run(["ls"], undefined, noEnvironment);
  t.equal(exit, 70);
  t.match(err.join("\n"), /this is a bug in fe80: Error: the runtime was loaded\n +at /);
});
