import t from "tap";
import { compareLab } from "../../src/lab/change.ts";
import { InterruptedError } from "../../src/lab/errors.ts";
import { readRecord, writeRecord } from "../../src/lab/lab-directory.ts";
import { rehearseChange } from "../../src/lab/rehearse.ts";
import { up } from "../../src/lab/up.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { changeLines } from "../../src/report/change-lines.ts";
import { PlumbingError } from "../../src/runtime/errors.ts";
import { planOf } from "../support/lab-status.ts";
import { FakeMachine } from "./fake-machine.ts";
import { bringUp, upOptions } from "./running.ts";

const plan = (routers: readonly string[], links: readonly string[]): Plan =>
  planOf(["name: lab", "routers:", ...routers.map((text) => `  ${text}`), `links: [${links}]`].join("\n"));

const pair = plan(["r1: {}", "r2: {}"], ["r1 -- r2"]);
const trio = plan(["r1: { originate: [10.0.1.0/24] }", "r2: {}", "r3: {}"], ["r1 -- r2", "r2 -- r3"]);

/** What `up` does to a lab. */
async function change(machine: FakeMachine, target: Plan, options: Parameters<typeof upOptions>[0] = {}) {
  const lines: string[] = [];
  const calls = machine.calls.length;
  machine.converge(target);
  const progress = (line: string) => lines.push(line);
  const result = await up(
    target,
    upOptions({ ifRunning: "change", progress, ...options }),
    machine.environment,
  );
  return { ...result, lines, calls: machine.calls.slice(calls) };
}

const dryRun = async (machine: FakeMachine, target: Plan, isolate = false) => {
  const { changes } = await compareLab(target, { isolate }, machine.environment);
  return changeLines({ lab: "lab", changes }, { format: "table" });
};

t.test("a lab that is as its file says is left alone, and looked at", async (t) => {
  const machine = await bringUp(pair);
  const { outcome, lines, calls } = await change(machine, pair);
  t.equal(outcome, "reached");
  t.strictSame(lines, ["lab: nothing to change"]);
  t.strictSame(calls, []);
  t.strictSame(machine.commands, []);
});

t.test("the steps are told by a dry run, carried out, and then there are none", async (t) => {
  const machine = await bringUp(pair);
  t.strictSame(await dryRun(machine, trio), [
    "add router r3",
    "add link r2:eth1 -- r3:eth0",
    "change loopback addresses of r1: 10.0.1.1",
    "change router r1: announce 10.0.1.0/24",
    "change router r2: add session eth1",
    "configure r3 in speaker-1",
    "lab: 1 router and 1 link added, 2 routers changed",
  ]);
  const { outcome, lines, calls } = await change(machine, trio);
  t.equal(outcome, "reached");
  t.strictSame(lines, ["lab: 1 router and 1 link added, 2 routers changed"]);
  t.strictSame(calls, ["alter lab addRouter link setLoopback"]);
  t.strictSame(
    machine.commands.map((command) => [command.type, command.router]),
    [
      ["reconfigure", "r1"],
      ["reconfigure", "r2"],
      ["reconfigure", "r3"],
    ],
  );
  t.strictSame(await dryRun(machine, trio), ["lab: nothing to change"]);
  const record = await readRecord("lab", machine.environment);
  t.strictSame(record.spread, { "speaker-1": ["r1", "r2", "r3"] });
  t.notOk(record.from);

  const back = await change(machine, pair);
  t.strictSame(back.lines, ["lab: 1 router and 1 link removed, 2 routers changed"]);
  t.strictSame(machine.commands.slice(3)[0], { type: "remove", router: "r3" });
  t.strictSame(back.calls, ["alter lab unlink removeRouter setLoopback"]);
});

t.test("what somebody has taken away behind everybody's back is made again", async (t) => {
  const machine = await bringUp(trio);
  machine.disturb("lab", [{ type: "unlink", ends: [{ router: "r2", ifname: "eth1" }] }]);
  t.strictSame(await dryRun(machine, trio), ["add link r2:eth1 -- r3:eth0", "lab: 1 link added"]);
  machine.disturb("lab", [{ type: "removeRouter", name: "r2", netns: "fe80.lab.r2" }]);
  t.strictSame(await dryRun(machine, trio), [
    "end r2 in speaker-1",
    "add router r2",
    "add link r1:eth0 -- r2:eth0",
    "add link r2:eth1 -- r3:eth0",
    "configure r2 in speaker-1",
    "lab: 1 router and 2 links added",
  ]);
  await change(machine, trio);
  await machine.stop("lab", { name: "speaker-1", place: { type: "machine" } });
  const { calls, lines } = await change(machine, trio);
  t.strictSame(lines, ["lab: 1 process started or ended"]);
  t.strictSame(calls, ["start lab speaker-1", "alter lab ", "feed speaker-1", "release speaker-1"]);
});

t.test("what is in the way is removed: nobody has it on record", async (t) => {
  const machine = await bringUp(pair);
  machine.disturb("lab", [
    { type: "addRouter", node: { ...trio.nodes[2], loopback: [] } as Plan["nodes"][number] },
    { type: "link", link: trio.links[1] as Plan["links"][number] },
  ]);
  t.strictSame((await dryRun(machine, trio)).slice(0, 4), [
    "remove link r2:eth1 -- r3:eth0",
    "remove router r3",
    "add router r3",
    "add link r2:eth1 -- r3:eth0",
  ]);
  t.equal((await change(machine, trio)).outcome, "reached");
});

t.test("routers that share a process leave it where each is to have its own", async (t) => {
  const machine = await bringUp(trio);
  t.strictSame(await dryRun(machine, trio, true), [
    "end speaker-1",
    "start speaker-2, which runs r1",
    "start speaker-3, which runs r2",
    "start speaker-4, which runs r3",
    "lab: 4 processes started or ended",
  ]);
  await change(machine, trio, { isolate: true });
  t.equal((await readRecord("lab", machine.environment)).processes, "isolated");
  t.strictSame(await dryRun(machine, pair), [
    "end speaker-4",
    "remove link r2:eth1 -- r3:eth0",
    "remove router r3",
    "change loopback addresses of r1: none",
    "change router r1: withdraw 10.0.1.0/24",
    "change router r2: remove session eth1",
    "lab: 1 router and 1 link removed, 2 routers changed",
  ]);
});

t.test("another kind of program starts again, and only where its configuration is another one", async (t) => {
  const machine = new FakeMachine();
  machine.programs.add("bird");
  machine.run = async () => [];
  const mixed = (bird: string) => plan(["r1: {}", `r2: { kind: bird${bird} }`], ["r1 -- r2"]);
  machine.converge(mixed(""));
  await up(mixed(""), upOptions({ until: "answering" }), machine.environment);
  t.strictSame(await dryRun(machine, mixed("")), ["lab: nothing to change"]);
  t.strictSame(await dryRun(machine, mixed(", originate: [10.0.0.0/8]")), [
    "change loopback addresses of r2: 10.0.0.1",
    "restart bird-r2, which runs r2",
    "lab: 1 router changed",
  ]);
  t.strictSame((await dryRun(machine, pair)).slice(0, 4), [
    "end bird-r2",
    "remove link r1:eth0 -- r2:eth0",
    "remove router r2",
    "add router r2",
  ]);
});

t.test("a change that fails says so, and the next one goes on from there", async (t) => {
  const machine = await bringUp(pair);
  machine.onPlumb = async () => {
    throw new PlumbingError("router r3", new Error("ENOMEM"));
  };
  await t.rejects(change(machine, trio), {
    code: "LAB_UNFINISHED",
    message: "the lab lab is changed in part: router r3: ENOMEM",
    hint: /^fe80 up goes on from there, /,
  });
  t.ok(machine.running.has("lab"), "what there is stays");
  machine.onPlumb = async () => {};
  const left = await dryRun(machine, trio);
  t.ok(left.includes("add router r3"));
  t.ok(left.includes("change link r1:eth0 -- r2:eth0: mtu 9500, plain"), "whether it was done or not");
  t.ok(left.includes("configure r1 in speaker-1"));
  t.equal((await change(machine, trio)).outcome, "reached");
  t.strictSame(await dryRun(machine, trio), ["lab: nothing to change"]);
});

t.test("a change that is given up takes back nothing, and may be taken back itself", async (t) => {
  const machine = await bringUp(pair);
  const root = new AbortController();
  machine.onPlumb = async (signal) => {
    root.abort(new InterruptedError("SIGINT"));
    signal.throwIfAborted();
  };
  const lines: string[] = [];
  const progress = (line: string) => lines.push(line);
  const options = { signal: root.signal, progress };
  await t.rejects(change(machine, trio, options), { code: "INTERRUPTED" });
  t.match(lines, [/^lab: changed in part; fe80 up goes on from there/]);
  machine.onPlumb = async () => {};
  const left = await dryRun(machine, pair);
  t.ok(left.includes("end r3 in speaker-1"), "it may have come so far");
  t.equal((await change(machine, pair)).outcome, "reached");
  t.strictSame(await dryRun(machine, pair), ["lab: nothing to change"]);
});

t.test("a lab without a record is not changed, and one that is not there is made", async (t) => {
  const machine = new FakeMachine();
  const machineOf = async () => machine.environment;
  t.equal(await rehearseChange(pair, { isolate: false }, machineOf), undefined);
  machine.running.set("lab", { name: "lab", routers: [] });
  await t.rejects(change(machine, pair), { code: "LAB_INCOMPLETE" });
  await t.rejects(rehearseChange(pair, { isolate: false }, machineOf), { code: "LAB_INCOMPLETE" });
  machine.running.delete("lab");
  t.match((await change(machine, pair)).lines, [/made$/]);
  const forbidden = async () => {
    throw new PlumbingError("nothing", new Error("EPERM"));
  };
  t.equal(await rehearseChange(pair, { isolate: false }, forbidden), undefined);
});

t.test("links keep the numbers that they have", async (t) => {
  const machine = await bringUp(pair);
  const target = plan(["r1: {}", "r2: {}", "r3: {}"], ["r1:eth5 -- r3", "r1:eth0 -- r2"]);
  await change(machine, target);
  const { plan: now, ...record } = await readRecord("lab", machine.environment);
  t.strictSame(now.links[1], pair.links[0]);
  t.not(now.links[0]?.ends[0].mac, pair.links[0]?.ends[0].mac);
  await writeRecord(now, { ...machine.environment, ...record });
  t.strictSame(await dryRun(machine, target), ["lab: nothing to change"]);
});

const contained = (routers: string, links = "r1 -- r2") =>
  planOf(`name: lab\nruntime: docker\nrouters: { ${routers} }\nlinks: [${links}]`);

t.test("containers come and go as namespaces do, each with a process of its own", async (t) => {
  const machine = await bringUp(contained("r1: {}, r2: {}"));
  t.strictSame(
    await dryRun(machine, contained("r1: { log-level: info }, r2: {}, r3: {}", "r1 -- r2, r2 -- r3")),
    [
      "add router r3",
      "add link r2:eth1 -- r3:eth0",
      "change router r1: set logLevel",
      "change router r2: add session eth1",
      "start speaker-3, which runs r3",
      "lab: 1 router and 1 link added, 2 routers changed",
    ],
  );
  t.strictSame(await dryRun(machine, contained("r1: {}, r2: {}", "{ link: r1 -- r2, mtu: 1400 }")), [
    "change link r1:eth0 -- r2:eth0: mtu 1400",
    "lab: 1 link changed",
  ]);
});

t.test("another container, or none, is made in the place of the one that is there", async (t) => {
  const machine = await bringUp(contained("r1: {}, r2: {}"));
  const remade = [
    "remove link r1:eth0 -- r2:eth0",
    "remove router r2",
    "add router r2",
    "add link r1:eth0 -- r2:eth0",
    "restart speaker-2, which runs r2",
    "lab: 1 router and 1 link changed",
  ];
  for (const other of ["memory: 256m", "image: other", "runtime: netns"])
    t.strictSame(await dryRun(machine, contained(`r1: {}, r2: { ${other} }`)), remade, other);
  const target = contained("r1: {}, r2: { runtime: netns }");
  const { calls } = await change(machine, target);
  t.strictSame(calls.slice(0, 3), [
    "stop lab speaker-2",
    "start lab speaker-2",
    "alter lab unlink removeRouter addRouter link",
  ]);
  t.strictSame(await dryRun(machine, target), ["lab: nothing to change"]);
});

t.test("what a record has as a container, and is none, is in the way", async (t) => {
  const machine = await bringUp(contained("r1: {}, r2: { runtime: netns }"));
  const target = contained("r1: {}, r2: {}");
  machine.onPlumb = async () => {
    throw new PlumbingError("router r2", new Error("ENOMEM"));
  };
  await t.rejects(change(machine, target), { code: "LAB_UNFINISHED" });
  machine.onPlumb = async () => {};
  const left = await dryRun(machine, target);
  t.ok(left.includes("remove router r2") && left.includes("add router r2"), left.join("\n"));
  t.equal((await change(machine, target)).outcome, "reached");
  t.strictSame(await dryRun(machine, target), ["lab: nothing to change"]);
});
