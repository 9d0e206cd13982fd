import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { ControlError } from "../../src/bgp/control/client.ts";
import { encodeMessages } from "../../src/bgp/wire/codec.ts";
import { InterruptedError } from "../../src/lab/errors.ts";
import { lockLab } from "../../src/lab/lock.ts";
import { frame } from "../capture/frames.ts";
import { FakeMachine } from "../lab/fake-machine.ts";
import { bringUp } from "../lab/running.ts";
import { planOf, shippedPlan } from "../support/lab-status.ts";
import { seedSession } from "../support/session-detail.ts";
import { run } from "./run.ts";

const file = "topologies/seed-pair.yaml";
const pair = shippedPlan("seed-pair");

function keepaliveFrame(): Uint8Array {
  const [payload = new Uint8Array()] = encodeMessages({ type: "keepalive" }, undefined);
  return frame({ payload });
}

/** A machine on which nothing will converge. */
function silent(): FakeMachine {
  const machine = new FakeMachine();
  machine.events = () => {
    throw new ControlError("ECONNREFUSED");
  };
  return machine;
}

for (const verb of ["up", "deploy", "apply"]) {
  t.test(`${verb} prints what was proven on standard output, and progress on standard error`, async (t) => {
    const machine = new FakeMachine();
    machine.converge(pair);
    const { exit, out, err } = await run([verb, file], machine);
    t.equal(exit, 0);
    t.equal(out.at(-1), "seed-pair converged in 0 ms: 2 of 2 sessions Established, 8 of 8 routes");
    t.strictSame(err, ["seed-pair: 2 routers and 1 link made"]);
    t.ok(machine.running.has("seed-pair"));
  });
}

t.test("up that does not converge in time ends with 1, reasons, and a lab that stays up", async (t) => {
  const machine = silent();
  const { exit, out, err } = await run(["up", "-q", "--timeout", "50ms", file], machine);
  t.equal(exit, 1);
  t.ok(out.some((line) => line.endsWith("seed-pair.yaml:11:3: r1 does not answer: ECONNREFUSED")));
  t.equal(out.at(-1), "seed-pair has not converged: 0 of 2 sessions Established, 0 of 8 routes");
  t.strictSame(err, ["hint: the lab stays up for you to look at; fe80 down seed-pair takes it away"]);
  t.ok(machine.running.has("seed-pair"));
});

t.test("up that is interrupted prints the same report, ends with 130 and leaves nothing", async (t) => {
  const machine = new FakeMachine();
  const root = new AbortController();
  machine.events = () => {
    root.abort(new InterruptedError("SIGINT"));
    return [];
  };
  const { exit, out, err } = await run(["up", file], machine, { signal: root.signal });
  t.equal(exit, 130);
  t.equal(out.at(-1), "seed-pair has not converged: 0 of 2 sessions Established, 0 of 8 routes");
  t.strictSame(err.slice(1), ["seed-pair: taking away what was made", "error: interrupted by SIGINT"]);
  t.equal(machine.running.size, 0);
});

t.test("up without waiting is content with answers", async (t) => {
  const machine = new FakeMachine();
  machine.converge(pair);
  t.equal((await run(["up", "--no-wait", file], machine)).exit, 0);
});

t.test("a dry run is what plan prints, and touches nothing", async (t) => {
  const machine = new FakeMachine();
  const { exit, out } = await run(["plan", file], machine);
  t.equal(exit, 0);
  t.match(out.join("\n"), /fe80\.seed-pair\.r1[\s\S]*r1:eth0 [\s\S]*start speaker-1/);
  t.strictSame((await run(["up", "--dry-run", file], machine)).out, out);
  const isolated = await run(["up", "--dry-run", "--isolate", file], machine);
  t.match(isolated.out.join("\n"), /start speaker-2/);
  t.strictSame((await run(["plan", "--isolate", file], machine)).out, isolated.out);
  const json = await run(["up", "--dry-run", "-f", "json", file], machine);
  t.match(JSON.parse(json.out.join("\n")), { lab: "seed-pair", processes: [{ name: "speaker-1" }] });
  t.strictSame(json.out, (await run(["plan", "-f", "json", file], machine)).out);
  t.equal((await run(["plan", "-f", "yaml", file], machine)).out[0], "lab: seed-pair");
  t.strictSame(machine.calls, []);
});

t.test("up of a file that is wrong touches nothing", async (t) => {
  const machine = new FakeMachine();
  t.equal((await run(["up", "topologies"], machine)).exit, 2);
  t.strictSame(machine.calls, []);
});

t.test("down says what it removed, by name or by file, and that there was nothing", async (t) => {
  const machine = await bringUp(pair);
  t.strictSame(await run(["down", file], machine), {
    exit: 0,
    out: ["seed-pair is down"],
    err: ["removed netns r1", "removed netns r2"],
  });
  t.strictSame(await run(["destroy", "seed-pair"], machine), {
    exit: 0,
    out: ["seed-pair is not running"],
    err: [],
  });
});

t.test("down of all labs", async (t) => {
  const machine = await bringUp(pair);
  t.strictSame((await run(["down", "--all", "-q"], machine)).out, ["seed-pair is down"]);
  t.strictSame((await run(["down", "--all", "-q"], machine)).out, ["no lab is running"]);
});

t.test("down of all labs goes on after one that somebody is at work on", async (t) => {
  const machine = await bringUp(pair);
  machine.running.set("another", { name: "another", routers: ["r1"] });
  using _ = lockLab({ lab: "another", command: "link" }, machine.environment.directories);
  const { exit, out, err } = await run(["down", "--all", "-q"], machine);
  t.strictSame({ exit, out }, { exit: 1, out: ["seed-pair is down"] });
  t.match(err, [/^error: fe80 link .* is at work on the lab another$/, /^hint: /]);
});

t.test("inspect prints the lab for people and for programs", async (t) => {
  const machine = await bringUp(pair);
  const { exit, out } = await run(["inspect", "seed-pair"], machine);
  t.equal(exit, 0);
  t.equal(out.at(-1), "seed-pair converged: 2 of 2 sessions Established, 8 of 8 routes");
  const json = JSON.parse((await run(["status", "-f", "json"], machine)).out.join("\n"));
  t.match(json, { name: "seed-pair", converged: true, routers: [{ router: "r1" }, { router: "r2" }] });
});

t.test("inspect prints all of one session", async (t) => {
  const machine = await bringUp(pair);
  machine.sessions = [{ ...seedSession(), router: "r1", ifname: "eth0", session: "eth0" }];
  const { exit, out } = await run(["inspect", "--session", "r1:eth0"], machine);
  t.equal(exit, 0);
  t.match(out[0], /^r1:eth0 is Established since /);
  const json = await run(["inspect", "seed-pair", "-s", "r1:eth0", "-f", "json"], machine);
  t.match(JSON.parse(json.out.join("\n")), { router: "r1", ifname: "eth0", peerRouter: "r2" });
  t.strictSame(await run(["inspect", "-s", "r1:eth9"], machine), {
    exit: 1,
    out: [],
    err: ["error: the lab seed-pair has no session r1:eth9", "hint: it has r1:eth0"],
  });
  t.equal((await run(["inspect", "--all", "-s", "r1:eth0"], machine)).exit, 2);
});

t.test("ls and inspect --all list labs", async (t) => {
  const text =
    "name: behind\nrouters: { r1: {}, h1: { kind: host, addresses: [10.0.0.2/24] } }\nlinks: [h1 -- r1]";
  const machine = await bringUp(planOf(text));
  machine.running.set("unknown", { name: "unknown", routers: ["r1"] });
  const lines = ["LAB      ROUTERS  HOSTS", "behind   1        1", "unknown  1        0"];
  t.strictSame((await run(["ls"], machine)).out, lines);
  t.strictSame((await run(["inspect", "--all"], machine)).out, lines);
});

t.test("exec passes on the program's options and its exit code, with and without --", async (t) => {
  const machine = await bringUp(pair);
  machine.exitCode = 7;
  for (const dashes of [["--"], []]) {
    t.equal((await run(["exec", "seed-pair", "r1", ...dashes, "ss", "-f", "-q"], machine)).exit, 7);
    t.equal(machine.calls.at(-1), "exec seed-pair r1 ss -f -q");
  }
  t.strictSame(await run(["exec", "seed-pair", "r1", "--"], machine), {
    exit: 2,
    out: [],
    err: ["error: no program to run is named"],
  });
});

t.test("link says what became of the interface", async (t) => {
  const machine = await bringUp(pair);
  for (const [args, out] of [
    [["down"], "r1:eth0 is down"],
    [["up"], "r1:eth0 is up"],
    [["flap", "--for", "20ms"], "r1:eth0 has flapped"],
    [["flap"], "r1:eth0 has flapped"],
    [["blackhole"], "r1:eth0 is a black hole"],
    [["blackhole", "--direction", "in"], "r1:eth0 is a black hole"],
    [["restore"], "r1:eth0 lets packets pass"],
  ] as const) {
    const [verb, ...flags] = args;
    t.strictSame(await run(["link", verb, "seed-pair", "r1:eth0", ...flags], machine), {
      exit: 0,
      out: [out],
      err: [],
    });
  }
  t.equal((await run(["link", "down", "seed-pair", "r1:eth0", "--for", "1s"], machine)).exit, 2);
  t.equal((await run(["link", "up", "seed-pair", "r1:eth0", "--direction", "in"], machine)).exit, 2);
  t.equal((await run(["link", "cut", "seed-pair", "r1:eth0"], machine)).exit, 2);
});

t.test("capture prints by a program and ends with its exit code, or prints messages", async (t) => {
  const machine = await bringUp(pair);
  machine.programs.add("tcpdump");
  machine.exitCode = 3;
  const signal = AbortSignal.abort(new InterruptedError("SIGINT"));
  const result = await run(["capture", "seed-pair", "r1:eth0"], machine, { signal });
  t.strictSame(result, { exit: 3, out: [], err: [] });
  machine.exitCode = 0;
  machine.frames = ([target]) => (target ? [{ target, sent: true, octets: keepaliveFrame() }] : []);
  const { exit, out } = await run(["capture", "--bgp", "seed-pair"], machine, { signal });
  t.equal(exit, 0);
  t.match(out, [/^\d\d:\d\d:\d\d\.\d{3} r1:eth0 > r2:eth0 \(40000\) Keepalive$/]);
  const recorded = await run(["capture", "seed-pair", "r1:eth0", "-w", "-"], machine, { signal });
  t.match(recorded, { exit: 0, out: [/^\d+ octets$/, /^\d+ octets$/], err: [] });
  const closed = AbortSignal.abort();
  t.equal((await run(["capture", "--bgp", "seed-pair"], machine, { outputClosed: closed })).exit, 0);
  t.equal((await run(["capture", "seed-pair"], machine)).exit, 2, "no interface");
  t.equal((await run(["capture", "--bgp", "seed-pair", "-w", "-"], machine)).exit, 2);
});

t.test("stop, start, pause and their like say what became of the router", async (t) => {
  const machine = await bringUp(pair, { isolate: true });
  for (const [verb, out] of [
    ["start", "r1 is running already"],
    ["stop", "r1 has stopped"],
    ["stop", "r1 was not running"],
    ["start", "r1 has started"],
    ["restart", "r1 has restarted"],
    ["resume", "r1 was not paused"],
    ["pause", "r1 is paused"],
    ["pause", "r1 is paused already, or not running"],
    ["resume", "r1 goes on"],
    ["kill", "r1 is dead"],
  ] as const) {
    t.strictSame(await run([verb, "seed-pair", "r1"], machine), { exit: 0, out: [out], err: [] });
  }
  const { exit, err } = await run(["stop", file, "r3"], machine);
  t.equal(exit, 1);
  t.match(err, ["error: the lab seed-pair has no router r3", "hint: it has r1, r2"]);
});

t.test("reset says what it was asked to do", async (t) => {
  const machine = await bringUp(pair);
  for (const [args, out, requests] of [
    [["r1:eth0"], "r1:eth0 is reset", ["reset"]],
    [["r1", "--soft"], "r1 has its routes told again", ["refresh"]],
    [["r1:eth0", "--soft", "both"], "r1:eth0 has its routes told again", ["refresh", "refresh"]],
  ] as const) {
    t.strictSame(await run(["reset", "seed-pair", ...args], machine), { exit: 0, out: [out], err: [] });
    t.strictSame(
      machine.commands.splice(0).map(({ type }) => type),
      requests,
    );
  }
  t.equal((await run(["reset", "seed-pair", "r1", "--soft", "up"], machine)).exit, 2);
});

t.test("announce and withdraw say what became of the prefixes", async (t) => {
  const machine = await bringUp(pair);
  for (const [args, out] of [
    [
      ["announce", "seed-pair", "r1", "10.9.0.0/16", "2001:db8:9::/48"],
      "r1 announces 10.9.0.0/16, 2001:db8:9::/48",
    ],
    [["announce", "seed-pair", "r1", "10.9.0.0/16"], "r1 announces already 10.9.0.0/16"],
    [["withdraw", "seed-pair", "r1", "10.9.0.0/16"], "r1 has withdrawn 10.9.0.0/16"],
    [["withdraw", "seed-pair", "r1", "10.9.0.0/16"], "r1 did not announce 10.9.0.0/16"],
  ] as const) {
    t.strictSame(await run(args, machine), { exit: 0, out: [out], err: [] });
  }
  const { exit, err } = await run(["announce", "seed-pair", "r1", "10.9.0.1/16"], machine);
  t.equal(exit, 2);
  t.match(err, ["error: 10.9.0.1/16 is not a prefix", "hint: the prefix is 10.9.0.0/16"]);
  t.equal((await run(["announce", "seed-pair", "r1"], machine)).exit, 2);
});

t.test("logs prints lines for people, or as they are", async (t) => {
  const machine = await bringUp(pair);
  const line = '{"msg":"listening","v":0,"level":30,"time":"T","router":"r1"}';
  const log = join(machine.directory, "r1.log");
  writeFileSync(log, `${line}\n`);
  moveLog(machine, log);
  t.strictSame((await run(["logs", "seed-pair", "r1"], machine)).out, ["T INFO  - listening"]);
  t.strictSame((await run(["logs", "seed-pair", "r1", "--json"], machine)).out, [line]);
});

t.test("logs that are followed end without a word when nobody reads them any more", async (t) => {
  const machine = await bringUp(pair);
  const log = join(machine.directory, "r1.log");
  writeFileSync(log, "one\n");
  moveLog(machine, log);
  const closed = new AbortController();
  const result = await run(["logs", "seed-pair", "r1", "-F"], machine, {
    outputClosed: closed.signal,
    out: () => closed.abort(),
  });
  t.strictSame(result, { exit: 0, out: [], err: [] });
});

/** Rewrites the lab's record so that r1's log is elsewhere. */
function moveLog(machine: FakeMachine, log: string): void {
  const path = join(machine.environment.directories.run, "seed-pair", "plan.json");
  writeFileSync(path, readFileSync(path, "utf8").replace("/run/fe80/lab/r1.log", log));
}
