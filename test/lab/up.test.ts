import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { ControlError } from "../../src/bgp/control/client.ts";
import { down } from "../../src/lab/down.ts";
import { InterruptedError } from "../../src/lab/errors.ts";
import { readRecord } from "../../src/lab/lab-directory.ts";
import { lockLab } from "../../src/lab/lock.ts";
import { up } from "../../src/lab/up.ts";
import { perfectStatus, shippedPlan } from "../support/lab-status.ts";
import { FakeMachine } from "./fake-machine.ts";
import { bringUp, upOptions } from "./running.ts";

const pair = shippedPlan("seed-pair");

/** Where the machine keeps what a lab leaves. */
const directoryOf = (machine: FakeMachine) => join(machine.environment.directories.run, pair.lab);

t.test("daemons load while the network is made, and a lab that has converged stays", async (t) => {
  const machine = new FakeMachine();
  machine.converge(pair);
  const lines: string[] = [];
  const { outcome, report } = await up(
    pair,
    upOptions({ progress: (line) => lines.push(line) }),
    machine.environment,
  );
  t.equal(outcome, "reached");
  t.equal(report.converged, true);
  t.equal(report.convergedAfterMs, 0);
  t.strictSame(machine.calls, [
    "start seed-pair speaker-1",
    "plumb seed-pair",
    "feed speaker-1",
    "release speaker-1",
  ]);
  t.strictSame(lines, ["seed-pair: 2 routers and 1 link made"]);
  t.strictSame((await readRecord("seed-pair", machine.environment)).plan, pair);
});

t.test("a daemon that works in a namespace starts once that is there", async (t) => {
  const machine = new FakeMachine();
  const plan = shippedPlan("pair-with-bird");
  machine.programs.add("bird");
  await t.rejects(up(plan, upOptions(), machine.environment), { message: "no program birdc" });
  t.strictSame(machine.calls.slice(0, 4), [
    "start pair-with-bird speaker-1",
    "plumb pair-with-bird",
    "start pair-with-bird bird-r2",
    "feed speaker-1",
  ]);
});

t.test("a speaker that is not listening yet is asked again", async (t) => {
  const machine = new FakeMachine();
  let refusals = 3;
  machine.events = () => {
    if (refusals-- > 0) throw new ControlError("ENOENT");
    return [{ type: "status", ...perfectStatus(pair) }];
  };
  t.equal((await up(pair, upOptions(), machine.environment)).outcome, "reached");
});

t.test("without waiting for convergence it is enough that every router answers", async (t) => {
  const machine = new FakeMachine();
  const { routers } = perfectStatus(pair);
  machine.events = () => [{ type: "status", routers, sessions: [], routes: [] }];
  const { outcome, report } = await up(pair, upOptions({ until: "answering" }), machine.environment);
  t.equal(outcome, "reached");
  t.equal(report.converged, false);
  t.ok(machine.running.has(pair.lab));
});

t.test("when the time is up the lab stays, and the report says what is missing", async (t) => {
  const machine = new FakeMachine();
  machine.events = () => {
    throw new ControlError("the speaker cannot be asked");
  };
  const { outcome, report } = await up(pair, upOptions({ timeoutMs: 500 }), machine.environment);
  t.equal(outcome, "timeout");
  t.strictSame(
    report.problems.map(({ reason }) => reason),
    ["r1 does not answer: the speaker cannot be asked", "r2 does not answer: the speaker cannot be asked"],
  );
  t.ok(machine.running.has(pair.lab));
  t.ok(machine.calls.includes("release speaker-1"));
});

t.test("a failure while the network is made takes everything away", async (t) => {
  const machine = new FakeMachine();
  machine.onPlumb = async () => {
    throw new Error("EEXIST");
  };
  await t.rejects(up(pair, upOptions(), machine.environment), { message: "EEXIST" });
  t.equal(machine.calls.at(-1), "remove seed-pair");
  t.strictSame(readdirSync(machine.environment.directories.run), []);
});

t.test(
  "an interruption while the network is made takes everything away, not under the aborted signal",
  async (t) => {
    const machine = new FakeMachine();
    const root = new AbortController();
    machine.onPlumb = async (signal) => {
      root.abort(new InterruptedError("SIGINT"));
      signal.throwIfAborted();
    };
    let removed = false;
    machine.onRemove = async () => {
      await new Promise(setImmediate);
      removed = true;
    };
    await t.rejects(up(pair, upOptions({ signal: root.signal }), machine.environment), {
      code: "INTERRUPTED",
    });
    t.ok(removed);
    t.strictSame(readdirSync(machine.environment.directories.run), []);
  },
);

t.test("an interruption while waiting ends with the same report, and takes everything away", async (t) => {
  const machine = new FakeMachine();
  const root = new AbortController();
  machine.events = () => {
    root.abort(new InterruptedError("SIGINT"));
    return [];
  };
  const { outcome, report } = await up(pair, upOptions({ signal: root.signal }), machine.environment);
  t.equal(outcome, "interrupted");
  t.ok(report.problems.length > 0);
  t.equal(machine.calls.at(-1), "remove seed-pair");
  t.notOk(existsSync(directoryOf(machine)));
});

t.test("an interruption before anything was made touches nothing", async (t) => {
  const machine = new FakeMachine();
  const signal = AbortSignal.abort(new InterruptedError("SIGTERM"));
  await t.rejects(up(pair, upOptions({ signal }), machine.environment), { code: "INTERRUPTED" });
  t.strictSame(machine.calls, []);
});

t.test("a daemon that ends while coming up is an error that quotes its log", async (t) => {
  const machine = new FakeMachine();
  machine.events = () => {
    writeFileSync(join(directoryOf(machine), "speaker-1.out"), "1\n2\n3\n4\n5\nerror: port 179 is taken\n");
    machine.end("speaker-1", "exit code 1");
    return [];
  };
  await t.rejects(up(pair, upOptions({ timeoutMs: 1e9 }), machine.environment), {
    code: "DAEMON_ENDED",
    message:
      "speaker-1 has ended (exit code 1) while the lab was coming up\n  2\n  3\n  4\n  5\n  error: port 179 is taken",
  });
  t.equal(machine.calls.at(-1), "remove seed-pair");
});

t.test("a daemon that ends before its network is there stops the making of it", async (t) => {
  const machine = new FakeMachine();
  machine.onPlumb = (signal) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(new Error("plumbing was interrupted")));
      machine.end("speaker-1", "SIGSEGV");
    });
  await t.rejects(up(pair, upOptions(), machine.environment), {
    code: "DAEMON_ENDED",
    message: "speaker-1 has ended (SIGSEGV) while the lab was coming up",
    hint: undefined,
  });
});

t.test("a lab that is up already is left alone", async (t) => {
  const machine = new FakeMachine();
  machine.running.set(pair.lab, { name: pair.lab, routers: [] });
  await t.rejects(up(pair, upOptions(), machine.environment), { code: "LAB_EXISTS" });
  t.strictSame(machine.calls, []);
});

t.test("a lab whose name another up has just claimed is left alone", async (t) => {
  const machine = new FakeMachine();
  mkdirSync(directoryOf(machine), { recursive: true });
  await t.rejects(up(pair, upOptions(), machine.environment), { code: "LAB_EXISTS" });
  t.strictSame(machine.calls, []);
  t.ok(existsSync(directoryOf(machine)));
});

t.test("while another command is at work on the lab nothing is touched", async (t) => {
  const machine = new FakeMachine();
  {
    using _ = lockLab({ lab: pair.lab, command: "down" }, machine.environment.directories);
    await t.rejects(up(pair, upOptions(), machine.environment), { code: "LAB_LOCKED", message: /fe80 down/ });
    t.strictSame(machine.calls, []);
  }
  machine.converge(pair);
  await up(pair, upOptions(), machine.environment);
  t.strictSame(readdirSync(machine.environment.directories.run), [pair.lab], "no trace of a lock");
});

t.test("other commands are kept away from beginning to end", async (t) => {
  const machine = new FakeMachine();
  const tryDown = async () => {
    for await (const _ of down(pair.lab, machine.environment));
  };
  machine.onPlumb = () =>
    t.rejects(tryDown(), { code: "LAB_LOCKED", message: /^fe80 up / }) as Promise<never>;
  machine.onRemove = () => t.rejects(tryDown(), { code: "LAB_LOCKED" }) as Promise<never>;
  machine.events = () => {
    throw new Error("the work fails");
  };
  await t.rejects(up(pair, upOptions(), machine.environment), { message: "the work fails" });
  machine.onRemove = async () => {};
  await t.resolves(tryDown());
  t.plan(4);
});

t.test("a lab is made anew if that is asked for", async (t) => {
  const machine = await bringUp(pair);
  machine.calls.length = 0;
  const { outcome } = await up(pair, upOptions({ ifRunning: "replace" }), machine.environment);
  t.equal(outcome, "reached");
  t.strictSame(machine.calls.slice(0, 3), [
    "remove seed-pair",
    "start seed-pair speaker-1",
    "plumb seed-pair",
  ]);
});

t.test("what the machine lacks is found before anything is touched", async (t) => {
  const machine = new FakeMachine();
  await t.rejects(up(shippedPlan("pair-with-bird"), upOptions(), machine.environment), {
    code: "PROGRAM_MISSING",
    hint: "apt-get install bird2",
  });
  machine.onPreflight = () => {
    throw new Error("not root");
  };
  await t.rejects(up(pair, upOptions(), machine.environment), { message: "not root" });
  t.strictSame(machine.calls, []);
  t.notOk(existsSync(machine.environment.directories.run));
});

t.test("what failed while undoing does not hide what failed first", async (t) => {
  const machine = new FakeMachine();
  machine.onPlumb = async () => {
    throw new Error("first");
  };
  machine.onRemove = async () => {
    throw new Error("second");
  };
  const thrown: SuppressedError = await up(pair, upOptions(), machine.environment).catch((error) => error);
  t.match(thrown.suppressed, { message: "first" });
  t.match(thrown.error, { message: "cleaning up failed: second" });
});
