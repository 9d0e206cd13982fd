import { readFileSync } from "node:fs";
import t from "tap";
import { fe80, file, nothing, start, traces, until } from "./command.ts";

const triangle = (lab: string, steps: string) => `name: ${lab}
defaults: { timers: { hold: 3 } }
routers: { "r[1-3]": { originate: ["10.0.{n}.0/24"] } }
links: [r1 -- r2 -- r3 -- r1]
expect: { within: 20s }
steps:
${steps}
`;

/** What a run told of its steps, as lines of JSON. */
const stepsIn = (stdout: string) =>
  stdout
    .split("\n")
    .filter((line) => line.startsWith('{"type":"step"'))
    .map((line) => JSON.parse(line).step);

t.test("whatever is done to a lab, it comes to what is left of it", async (t) => {
  const lab = "e2e-steps";
  const before = traces(lab);
  const path = file(
    t,
    triangle(
      lab,
      `  - { do: { announce: { router: r2, prefixes: 10.9.0.0/16 } }, expect: { ping: [{ from: r3, to: 10.9.0.1 }] } }
  - { do: { configure: { r2: { med: 50 }, "r3:eth0": { local-pref: 200 } } } }
  - { do: { pause: r1, withdraw: { router: r2, prefixes: 10.9.0.0/16 } }, ping: [{ from: r2, to: r3, lost: 0 }] }
  - { do: { resume: r1, reset: r2 -- r3 } }
  - { do: { stop: [r1, r2] } }
  - { do: heal }
  - { do: { link-flap: { link: r3, for: 20ms } }, repeat: 2 }`,
    ),
  );
  const { exit, stdout, stderr } = await fe80("test", path, "--reporter", "jsonl");
  t.equal(exit, 0, stderr);
  const steps = stepsIn(stdout);
  t.strictSame(
    steps.map(({ passed }) => passed),
    Array(8).fill(true),
  );
  const paused = steps[2];
  t.ok(
    paused.detectedAfterMs >= 1500 && paused.detectedAfterMs <= 5000,
    `${paused.detectedAfterMs} ms: its hold time`,
  );
  t.ok(paused.flows[0].sent > 0, "requests were sent");
  t.equal(steps[1].detectedAfterMs === null, false, "something has changed");
  t.strictSame(traces(lab), nothing(before));
});

t.test("a step that fails is told with its place, and no other is begun", async (t) => {
  const lab = "e2e-failing";
  const before = traces(lab);
  const path = file(t, triangle(lab, "  - { do: { blackhole: r1 -- r2 }, within: 300ms }\n  - { do: heal }"));
  const { exit, stdout } = await fe80("test", path, "--reporter", "human", "--reporter", "github");
  t.equal(exit, 1);
  const dark = "all that r1:eth0 receives is dropped without a sign\n";
  t.match(stdout, new RegExp(`^e2e-failing: FAIL  blackhole r1 -- r2: not so after \\d+ ms: ${dark}`, "m"));
  t.match(stdout, `\n  ${path}:4:9: r1:eth0 is Established, expected down\n`);
  t.match(stdout, `::error file=${path},line=7,col=5,title=fe80::not so: step 1: blackhole r1 -- r2%0A`);
  t.notMatch(stdout, "heal");
  t.strictSame(traces(lab), nothing(before));
});

t.test("Ctrl-C in a step ends it, and leaves nothing, not even of what is halted", async (t) => {
  const lab = "e2e-stepping";
  const before = traces(lab);
  const test = start(
    "test",
    file(t, triangle(lab, "  - { do: { pause: r1 } }\n  - { do: { blackhole: r2 } }")),
  );
  await until(() => traces(lab).processes.some(isHalted));
  test.kill("SIGINT");
  const { exit } = await test.ended;
  t.equal(exit, 130);
  t.strictSame(traces(lab), nothing(before));
});

function isHalted(pid: string): boolean {
  try {
    return /^State:\tT/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false; // it has just ended
  }
}
