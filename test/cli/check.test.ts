import t from "tap";
import { run } from "./run.ts";

const bad = "name: lab\nrouters: { r1: { asn: 0 }, r2: }\nlinks: [r1 -- r9]\n";
const odd = "name: odd\nrouters: [r1, r2, r3]\nlinks: [r1 -- r2]\n";

t.test("check -f json has all that is to be said of each file, with its place", async (t) => {
  const directory = t.testdir({ "bad.yaml": bad, "odd.yaml": odd });
  const [badFile, oddFile, none] = ["bad", "odd", "none"].map((name) => `${directory}/${name}.yaml`);
  const { exit, out, err } = await run(["check", "-f", "json", `${badFile}`, `${oddFile}`, `${none}`]);
  t.equal(exit, 2);
  t.strictSame(err, []);
  const place = { severity: "error", code: "TOPOLOGY_INVALID", file: badFile };
  t.strictSame(JSON.parse(out.join("\n")), {
    files: [
      {
        file: badFile,
        lab: null,
        valid: false,
        diagnostics: [
          { ...place, line: 2, column: 23, message: "AS number 0 is reserved (RFC 7607)", hint: null },
          {
            ...place,
            line: 3,
            column: 15,
            message: 'no router is called "r9"',
            hint: "the routers are r1, r2",
          },
        ],
      },
      {
        file: oddFile,
        lab: "odd",
        valid: true,
        diagnostics: [
          {
            severity: "warning",
            code: null,
            file: oddFile,
            line: 2,
            column: 19,
            message: "r3 has no link",
            hint: "nothing reaches it",
          },
        ],
      },
      {
        file: none,
        lab: null,
        valid: false,
        diagnostics: [
          {
            severity: "error",
            code: "FILE_UNREADABLE",
            file: none,
            line: null,
            column: null,
            message: `cannot read ${none}: there is no such file`,
            hint: "topologies/ has labs to start from",
          },
        ],
      },
    ],
  });
});

t.test("check -f github marks the places in the files", async (t) => {
  const directory = t.testdir({ "bad.yaml": bad, "odd.yaml": odd });
  const { exit, out } = await run([
    "check",
    "-f",
    "github",
    `${directory}/bad.yaml`,
    `${directory}/odd.yaml`,
  ]);
  t.equal(exit, 2);
  t.strictSame(out, [
    `::error file=${directory}/bad.yaml,line=2,col=23,title=fe80::AS number 0 is reserved (RFC 7607)`,
    `::error file=${directory}/bad.yaml,line=3,col=15,title=fe80::no router is called "r9"%0Ahint: the routers are r1, r2`,
    `::warning file=${directory}/odd.yaml,line=2,col=19,title=fe80::r3 has no link%0Ahint: nothing reaches it`,
  ]);
});

t.test("a warning stops nothing, and goes to standard error", async (t) => {
  const file = `${t.testdir({ "odd.yaml": odd })}/odd.yaml`;
  const { exit, out, err } = await run(["check", file]);
  t.equal(exit, 0);
  t.strictSame(out, ["odd is a valid topology: 3 routers, 1 link; expects 2 sessions and 0 routes"]);
  t.match(err, [/odd\.yaml:2:19: warning: r3 has no link\n {2}routers: \[r1, r2, r3\]\n/]);
  t.equal((await run(["check", "-f", "json", file])).exit, 0);
});

t.test("a file may include another, by a path from its own directory, and use the environment", async (t) => {
  const directory = t.testdir({
    "lab.yaml": `name: lab\ninclude: [parts/common.yaml]\nexpect:\n  within: $\{FE80_TEST_NOWHERE:-5s}\n`,
    "wrong.yaml": "name: lab\ninclude: [parts/wrong.yaml, parts, nowhere.yaml, /dev/null]\nrouters: [r1]\n",
    "self.yaml": "include: [parts/../self.yaml]\n",
    parts: {
      "common.yaml": "include: [routers.yaml]\n",
      "routers.yaml": "routers: [r1]\n",
      "wrong.yaml": "foo: 1",
    },
  });
  t.match(await run(["check", `${directory}/lab.yaml`]), {
    exit: 0,
    out: [/^lab is a valid topology: 1 router/],
  });
  const wrong = (await run(["check", `${directory}/wrong.yaml`])).err.join("\n");
  t.match(wrong, `${directory}/parts/wrong.yaml:1:1: unknown key "foo"`);
  t.match(wrong, 'wrong.yaml:2:29: cannot include "parts": it is a directory');
  t.match(wrong, 'cannot include "nowhere.yaml": there is no such file');
  t.match(wrong, 'cannot include "/dev/null": it is no file');
  t.match((await run(["check", `${directory}/self.yaml`])).err.join("\n"), /self\.yaml includes itself/);
});
