import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { ControlError } from "../../src/bgp/control/client.ts";
import type { StatusEvent } from "../../src/bgp/control/status.ts";
import { InterruptedError } from "../../src/lab/errors.ts";
import { NotRootError } from "../../src/runtime/errors.ts";
import { pause } from "../../src/std/clock.ts";
import { FakeMachine } from "../lab/fake-machine.ts";
import { perfectStatus, planOf, shippedPlan } from "../support/lab-status.ts";
import { run } from "./run.ts";

const file = "topologies/seed-pair.yaml";
const pair = shippedPlan("seed-pair");
const wrong = "name: wrong\nrouters: 7\n";

/** The pair, by another name. */
const named = (name: string) => readFileSync(file, "utf8").replace(/^name: .*$/m, `name: ${name}`);

/** A machine on which these labs converge, as often as they are tried but for the first times. */
function machineOf(names: readonly string[], { failures = 0 } = {}): FakeMachine {
  const machine = new FakeMachine();
  const tries = new Map<string, number>();
  machine.events = (socket): StatusEvent[] => {
    const lab = names.find((name) => socket.includes(`/${name}/`));
    const plans = machine.calls.filter((call) => call === `plumb ${lab}`).length;
    if (lab === undefined || plans <= failures) throw new ControlError("ECONNREFUSED");
    tries.set(lab, plans);
    return [{ type: "status", ...perfectStatus(planOf(named(lab))) }];
  };
  return machine;
}

const quick = ["--timeout", "500ms"];

t.test("test ends with 0 if all labs converge, and takes them down", async (t) => {
  const machine = new FakeMachine();
  machine.converge(pair);
  const { exit, out } = await run(["test", file], machine);
  t.equal(exit, 0);
  t.equal(out.filter((line) => line.startsWith("seed-pair converged")).length, 1);
  t.equal(machine.running.size, 0);
});

t.test("test ends with 1 if a lab does not converge, and takes it down", async (t) => {
  const machine = machineOf([]);
  const { exit, out } = await run(["test", ...quick, "-f", "json", file], machine);
  t.equal(exit, 1);
  t.match(JSON.parse(out.join("\n")), [{ name: "seed-pair", converged: false }]);
  t.equal(machine.running.size, 0);
});

t.test("a lab that cannot be made stops no other, and ends test with 3", async (t) => {
  const machine = new FakeMachine();
  machine.converge(pair);
  machine.running.set("ring-6", { name: "ring-6", routers: [] });
  const { exit, out, err } = await run(["test", "topologies/ring-6.yaml", file], machine);
  t.equal(exit, 3);
  t.match(
    out.join("\n"),
    /^ring-6 .*: cannot be made here\nseed-pair converged .*\n\n1 of 2 labs passed, 1 that could not be made, in /,
  );
  t.match(err.join("\n"), /^error: the lab ring-6 is up already$/m);
  t.strictSame([...machine.running.keys()], ["ring-6"], "what somebody else has made stays");
});

t.test("a wrong file stops no lab, and ends test with 2", async (t) => {
  const machine = new FakeMachine();
  machine.converge(pair);
  const { exit, err } = await run(["test", "no-such-file", file], machine);
  t.equal(exit, 2);
  t.match(err[0], "error: cannot read no-such-file: there is no such file");
  t.ok(machine.calls.includes("plumb seed-pair"));
});

t.test("the worst of several ends is the one that test ends with", async (t) => {
  const directory = t.testdir({ "a.yaml": named("a"), "b.yaml": named("b"), "c.yaml": wrong });
  const machine = machineOf(["a"]);
  t.equal((await run(["test", ...quick, directory], machine)).exit, 2);
  machine.onPreflight = () => {
    throw new NotRootError();
  };
  t.equal((await run(["test", ...quick, directory], machine)).exit, 3);
});

t.test("with --bail no lab is begun once one has not passed", async (t) => {
  const directory = t.testdir({ "a.yaml": named("a"), "b.yaml": named("b"), "c.yaml": wrong });
  const none = new FakeMachine();
  t.equal((await run(["test", "--bail", directory], none)).exit, 2);
  t.strictSame(none.calls, [], "files are read before anything is touched");
  const machine = machineOf(["b"]);
  const { exit, out } = await run(
    ["test", ...quick, "--bail", "--jobs", "1", `${directory}/[ab].yaml`],
    machine,
  );
  t.equal(exit, 1);
  t.match(out.at(-1), /^0 of 2 labs passed, 1 failed, 1 skipped/);
  t.notOk(machine.calls.includes("plumb b"));
});

t.test("with --retry a lab that failed is tried again, and says so", async (t) => {
  const directory = t.testdir({ "a.yaml": named("a"), "b.yaml": named("b") });
  const { exit, out } = await run(
    ["test", ...quick, "--retry", "2", directory],
    machineOf(["a", "b"], { failures: 2 }),
  );
  t.equal(exit, 0);
  t.match(out.join("\n"), /^a failed 2 times before$/m);
  t.equal(
    (await run(["test", ...quick, "--retry", "1", directory], machineOf(["a"], { failures: 2 }))).exit,
    1,
  );
});

t.test("with --keep a failed lab stays up, and how to look at it is told", async (t) => {
  const directory = t.testdir({ "a.yaml": named("a"), "b.yaml": named("b") });
  const machine = machineOf(["a"]);
  const { exit, out } = await run(["test", ...quick, "--keep", "--retry", "1", directory], machine);
  t.equal(exit, 1);
  t.ok(out.includes("b is still up: fe80 inspect b shows it, fe80 down b takes it down"));
  t.strictSame([...machine.running.keys()], ["b"]);
});

t.test("--filter is held against names and files", async (t) => {
  const directory = t.testdir({ "one.yaml": named("a"), "two.yaml": named("b"), "three.yaml": wrong });
  const machine = machineOf(["a", "b"]);
  t.equal((await run(["test", "--filter", "^a$|two", directory], machine)).exit, 0);
  const plumbed = machine.calls.filter((call) => call.startsWith("plumb"));
  t.strictSame(plumbed.sort(), ["plumb a", "plumb b"]);
  t.match(await run(["test", "--filter", "^c$", directory], machine), {
    exit: 2,
    err: ["error: the filter lets no lab through", /^hint: /],
  });
  t.equal((await run(["test", "--filter", "(", directory], machine)).exit, 2);
});

t.test("labs are up beside each other, but those of one name one after the other", async (t) => {
  const directory = t.testdir({ "1.yaml": named("a"), "2.yaml": named("a"), "3.yaml": named("b") });
  const machine = machineOf(["a", "b"]);
  const both = Promise.withResolvers<void>();
  machine.onPlumb = async () => {
    if (machine.running.size === 2) both.resolve();
    await both.promise;
  };
  t.equal((await run(["test", "--jobs", "3", directory], machine)).exit, 0);
});

t.test("test that is interrupted reports, ends with 130, and begins no other lab", async (t) => {
  const machine = new FakeMachine();
  const root = new AbortController();
  machine.events = () => {
    root.abort(new InterruptedError("SIGINT"));
    return [];
  };
  const directory = t.testdir({ "1.yaml": named("a"), "2.yaml": named("b") });
  const { exit, out } = await run(["test", "-j1", directory], machine, { signal: root.signal });
  t.equal(exit, 130);
  t.equal(
    out.filter((line) => line.startsWith("seed-pair") || line.startsWith("a has not converged")).length,
    1,
  );
  t.match(out.at(-1), /^0 of 2 labs passed, 1 interrupted, 1 skipped/);
  t.equal(machine.running.size, 0);
});

t.test("a bug in one lab's test takes all others down, and is told as one", async (t) => {
  const machine = machineOf([]);
  machine.onPlumb = async () => {
    if (machine.running.size > 1) throw new TypeError("oops");
  };
  const directory = t.testdir({ "1.yaml": named("a"), "2.yaml": named("b") });
  const { exit, err } = await run(["test", "-j2", directory], machine);
  t.equal(exit, 70);
  t.match(err.join("\n"), /this is a bug in fe80: TypeError: oops/);
  t.equal(machine.running.size, 0);
});

t.test("several reporters tell of one run, one of them on standard output", async (t) => {
  const machine = new FakeMachine();
  machine.converge(pair);
  const directory = t.testdir();
  const [tap, summary] = [join(directory, "out.tap"), join(directory, "summary.md")];
  writeFileSync(summary, "before\n");
  const variables = { GITHUB_STEP_SUMMARY: summary };
  const reporters = ["--reporter", "jsonl", "--reporter", `tap=${tap}`, "--reporter", "github"];
  const { exit, out } = await run(["test", ...reporters, file], machine, { variables });
  t.equal(exit, 0);
  t.equal(JSON.parse(`${out.at(-1)}`).type, "end");
  t.match(readFileSync(tap, "utf8"), /^ok 1 - seed-pair/m);
  t.match(readFileSync(summary, "utf8"), /^before\n## fe80: 1 of 1 lab passed$/m);
});

t.test(
  "reporters that cannot be told apart, or written, are told of before anything is touched",
  async (t) => {
    const machine = new FakeMachine();
    const both = await run(["test", "--reporter", "tap", "--reporter", "human", file], machine);
    t.match(both, { exit: 2, err: [/^error: tap and human cannot both be standard output$/, /^hint: /] });
    t.equal((await run(["test", "--reporter", "none", file], machine)).exit, 2);
    t.equal((await run(["test", "--reporter", "tap", "-f", "json", file], machine)).exit, 2);
    const nowhere = await run(["test", "--reporter", `tap=${t.testdir()}/no/where`, file], machine);
    t.match(nowhere, { exit: 3, err: [/^error: cannot write .*ENOENT/, /^hint: /] });
    t.strictSame(machine.calls, []);
  },
);

t.test("directories and patterns without a topology file are mistakes", async (t) => {
  const directory = t.testdir({ "a.txt": "" });
  t.match(await run(["test", directory]), { exit: 2, err: [/ has no topology file$/, /^hint: /] });
  t.match(await run(["test", `${directory}/*.yaml`]), {
    exit: 2,
    err: [/^error: no file matches /, /^hint: /],
  });
});

t.test("a terminal shows what goes on", async (t) => {
  const machine = machineOf(["a", "b"]);
  const directory = t.testdir({ "a.yaml": named("a"), "b.yaml": named("b") });
  const live: (string | undefined)[] = [];
  await run(["test", "-j1", directory], machine, { live: (line) => live.push(line) });
  t.ok(live.includes("0 of 2 labs done; up: a"));
  t.ok(live.includes("1 of 2 labs done; up: b"));
  t.equal(live.at(-1), undefined);
});

/** A machine on which everything takes so long to plumb, and so to converge. */
function slowMachine({ calibrationMs, labMs }: { calibrationMs: number; labMs: number }): FakeMachine {
  const machine = new FakeMachine();
  const calibration = planOf(
    "name: c\nrouters:\n  r1: { originate: [10.0.1.0/24] }\n  r2:\nlinks: [r1 -- r2]\n",
  );
  const isPair = () => machine.running.has("seed-pair");
  machine.events = () => [{ type: "status", ...perfectStatus(isPair() ? pair : calibration) }];
  machine.onPlumb = (signal) => pause(machine.environment.clock, isPair() ? labMs : calibrationMs, signal);
  return machine;
}

t.test("with --save and --compare a lab fails that has become slower than its machine", async (t) => {
  const times = join(t.testdir(), "times.json");
  const [first, later] = [
    { calibrationMs: 100, labMs: 300 },
    (labMs: number) => ({ calibrationMs: 200, labMs }),
  ];
  const saved = await run(["test", "-q", "--save", times, file], slowMachine(first));
  t.match(saved, { exit: 0, err: [`${times} written`] });
  t.strictSame(JSON.parse(readFileSync(times, "utf8")), { calibrationMs: 100, labs: { "seed-pair": 300 } });
  const compare = (labMs: number, ...flags: string[]) =>
    run(["test", "-q", "--compare", times, ...flags, file], slowMachine(later(labMs)));
  t.equal((await compare(700)).exit, 0);
  const slow = await compare(800);
  t.equal(slow.exit, 1);
  t.match(slow.out.slice(-2), [
    /^not so: seed-pair converges at most 20 % slower than it did$/,
    /\(\+33 %\)$/,
  ]);
  t.equal((await compare(800, "--max-regression", "40%")).exit, 0);
});

t.test("a lab is brought up as often as --repeat says, and its fastest time is its own", async (t) => {
  const machine = slowMachine({ calibrationMs: 0, labMs: 0 });
  const times = [200, 100, 300];
  machine.onPlumb = (signal) => pause(machine.environment.clock, times.shift() ?? 0, signal);
  const { exit, out } = await run(["test", "--repeat", "3", file], machine);
  t.equal(exit, 0);
  t.match(out.at(-1), /^seed-pair converged in 100 ms: /);
  t.equal(machine.calls.filter((call) => call.startsWith("plumb")).length, 3);
});

t.test("what is no file of convergence times is a mistake, before anything is touched", async (t) => {
  const directory = t.testdir({ "times.json": '{"labs":{}}' });
  const machine = new FakeMachine();
  const compare = (path: string) => run(["test", "--compare", path, file], machine);
  t.match(await compare(`${directory}/times.json`), {
    exit: 2,
    err: [/does not hold convergence times$/, /--save/],
  });
  t.match(await compare(`${directory}/none.json`), {
    exit: 2,
    err: [/^error: cannot read .*ENOENT/, /--save/],
  });
  t.equal((await run(["test", "--max-regression", "5%", file], machine)).exit, 2);
  t.equal((await run(["test", "--compare", "x", "--max-regression", "much", file], machine)).exit, 2);
  t.strictSame(machine.calls, []);
});
