import t from "tap";
import { fe80, file, traces } from "./command.ts";

interface Case {
  readonly name: string;
  readonly args: readonly string[];
  readonly stderr: RegExp;
}

t.test("what is no topology is exit code 2, one clear message, and nothing touched", async (t) => {
  const before = traces("");
  const commands = ["up", "test", "check"];
  const files: { name: string; path: string; stderr: RegExp }[] = [
    {
      name: "a missing file",
      path: "/nowhere/lab.yaml",
      stderr: /^error: .*\/nowhere\/lab\.yaml.*\n.*hint: /s,
    },
    {
      name: "a directory without labs",
      path: "docs",
      stderr: /^error: .*docs.*(?:directory|no topology file)/s,
    },
    { name: "invalid YAML", path: file(t, "name: [a\nrouters: {"), stderr: /lab\.yaml:\d+:\d+: / },
    {
      name: "YAML that is no topology",
      path: file(t, "- apples\n- pears\n"),
      stderr: /lab\.yaml:1:1: .*\n {2}- apples\n {2}\^/,
    },
    {
      name: "a topology with two mistakes",
      path: file(t, "name: a\nrouters: { r1: { asn: 0 } }\nlinks: [r1 -- r9]\n"),
      stderr: /lab\.yaml:2:23: AS number 0 is reserved.*lab\.yaml:3:15: no router is called "r9"/s,
    },
  ];
  const cases = files.flatMap(({ name, path, stderr }): Case[] =>
    commands.map((command) => ({ name: `${command} ${name}`, args: [command, path], stderr })),
  );
  for (const { name, args, stderr } of cases) {
    const result = await fe80(...args);
    t.equal(result.exit, 2, name);
    t.match(result.stderr, stderr, name);
    t.notMatch(result.stderr, /^ {4}at /m, "no stack trace");
  }
  t.strictSame(traces(""), before);
});

t.test("a command that is misused says how it is used", async (t) => {
  const cases: Case[] = [
    { name: "no command", args: [], stderr: /Usage: fe80/ },
    { name: "an unknown command", args: ["upp"], stderr: /unknown command 'upp'.*Did you mean up/s },
    { name: "an unknown option", args: ["up", "--fast"], stderr: /unknown option '--fast'/ },
    { name: "a missing argument", args: ["up"], stderr: /missing required argument/ },
    { name: "a bad time", args: ["up", "topologies/seed-pair.yaml", "--timeout", "soon"], stderr: /timeout/ },
  ];
  for (const { name, args, stderr } of cases) {
    const result = await fe80(...args);
    t.equal(result.exit, 2, name);
    t.match(result.stderr, stderr, name);
  }
});

t.test("a lab that is not running is one clear message", async (t) => {
  for (const args of [
    ["inspect", "nolab"],
    ["exec", "nolab", "r1", "--", "true"],
    ["logs", "nolab", "r1"],
  ]) {
    const result = await fe80(...args);
    t.equal(result.exit, 1, args.join(" "));
    t.match(result.stderr, /^error: .*nolab.*\nhint: /, args.join(" "));
  }
});

t.test("a file that is right is exit code 0", async (t) => {
  const { exit, stdout } = await fe80("check", "topologies/clos-2x4.yaml");
  t.equal(exit, 0);
  t.match(stdout, /6 routers.*8 links/);
});
