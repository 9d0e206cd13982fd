import { existsSync } from "node:fs";
import t from "tap";
import { fe80, start, topology, traces, until } from "../e2e/command.ts";
import { docker, withoutEngine } from "../support/docker.ts";
import { containersOf, labName, topologyOf } from "./containers.ts";

const skip = withoutEngine;

const pair = `routers: { r1: { originate: [10.0.1.0/24], memory: 256m }, r2: { originate: [10.0.2.0/24] } }
links: [r1 -- r2]
defaults: { timers: { hold: 9 } }`;

t.test("a lab in containers lives as one in namespaces does", { skip }, async (t) => {
  const lab = labName("pair");
  const file = topologyOf(t, lab, pair);
  const inLab = (command: string, ...args: string[]) => fe80(command, lab, ...args);
  const established = async () => {
    const { stdout } = await inLab("inspect", "-f", "json");
    const { sessions } = JSON.parse(stdout) as { sessions: { state: string }[] };
    return sessions.map(({ state }) => state);
  };
  t.match(await fe80("up", file, "--runtime", "docker"), {
    exit: 0,
    stdout: /2 of 2 sessions Established, 4 of 4/,
  });
  t.strictSame(await containersOf(lab, { agents: false }), [`fe80.${lab}.r1`, `fe80.${lab}.r2`]);

  await t.test("it has what the file says, and is listed", async (t) => {
    const [host] = JSON.parse(await docker("inspect", `fe80.${lab}.r1`)) as [Record<string, object>];
    t.match(host, { HostConfig: { Memory: 256 * 2 ** 20, NetworkMode: "none" }, Config: { Hostname: "r1" } });
    t.match(host, { Config: { Healthcheck: { Test: ["CMD", "sh", "/run/fe80.health"] } } });
    t.match((await inLab("inspect")).stdout, new RegExp(`^r1 +fe80.${lab}.r1 +(?:starting|healthy)$`, "m"));
    t.match(await docker("exec", `fe80.${lab}.r1`, "sh", "/run/fe80.health"), "1 of 1 sessions");
    t.match((await fe80("ls")).stdout, new RegExp(`^${lab} +2 +0$`, "m"));
    t.match(await fe80("up", file, "--runtime", "docker"), {
      exit: 0,
      stderr: /nothing to change/,
    });
  });

  await t.test("programs run in it, as their exit codes and output tell", async (t) => {
    t.match(await inLab("exec", "r1", "--", "ping", "-c1", "10.0.2.1"), {
      exit: 0,
      stdout: / 0% packet loss/,
    });
    t.match(await inLab("exec", "r1", "sh", "-c", "hostname; echo no >&2; exit 7"), {
      exit: 7,
      stdout: "r1\n",
      stderr: "no\n",
    });
    t.match(await inLab("exec", "r1", "no-such-program"), {
      exit: 1,
      stderr: new RegExp(
        `^error: there is no program no-such-program in the container fe80\\.${lab}\\.r1\\n`,
      ),
    });
  });

  await t.test("its log can be read, by docker, too", async (t) => {
    t.match((await inLab("logs", "r1", "--json")).stdout, /"fsm_state":"established"/);
    t.match(await docker("logs", `fe80.${lab}.r1`), /"fsm_state":"established"/);
  });

  await t.test("a router stops and starts, and keeps its links meanwhile", async (t) => {
    t.match(await inLab("stop", "r2"), { exit: 0, stdout: "r2 has stopped\n" });
    t.match(await inLab("why", "r1:eth0"), { stdout: /r2 has no process/ });
    await t.rejects(docker("exec", `fe80.${lab}.r2`, "sh", "/run/fe80.health"), "which is what health means");
    t.match((await inLab("exec", "r2", "ip", "-br", "link", "show", "eth0")).stdout, /^eth0@\S+ +UP /);
    t.match(await inLab("start", "r2"), { exit: 0, stdout: "r2 has started\n" });
    t.match(await inLab("start", "r2"), { exit: 0, stdout: /r2/ });
  });

  await t.test("a link goes down, which is named as the cause, and comes back", async (t) => {
    t.equal((await fe80("link", "down", lab, "r1:eth0")).exit, 0);
    t.match((await inLab("why", "r2:eth0")).stdout, /interface r1:eth0 is down/);
    t.equal((await fe80("link", "up", lab, "r1:eth0")).exit, 0);
    await until(async () => (await established()).every((state) => state === "Established"));
  });

  await t.test("what its interfaces send is captured until the lab is gone", async (t) => {
    const capture = start("capture", "--bgp", lab, "r1:eth0");
    // Nobody tells when a capture has begun: what it is to see happens until it does.
    await until(async () => {
      await inLab("restart", "r2");
      await until(async () => (await established()).every((state) => state === "Established"));
      return / r2:eth0 > r1:eth0 \(\d+\) Open /.test(capture.said());
    });
    t.match(await inLab("down"), { exit: 0, stdout: `${lab} is down\n` });
    t.match(await capture.ended, { stdout: / r2:eth0 > r1:eth0 \(\d+\) Open / });
  });

  t.strictSame(await containersOf(lab), []);
  t.notOk(existsSync(`/run/fe80/${lab}`));
});

t.test(
  "namespaces and containers, ours and others', a host and a shared link make one lab",
  { skip },
  async (t) => {
    const lab = labName("mixed");
    const before = traces(lab);
    const file = topology(t, "mixed", lab);
    const { exit, stdout, stderr } = await fe80("up", file);
    t.equal(exit, 0, `${stdout}\n${stderr}`);
    t.strictSame(
      await containersOf(lab, { agents: false }),
      ["h1", "r2", "r3", "r5"].map((name) => `fe80.${lab}.${name}`),
    );
    t.strictSame(
      traces(lab).namespaces,
      ["_lan", "r1", "r4"].map((name) => `fe80.${lab}.${name}`),
    );
    for (const router of ["r2", "r3"])
      t.match(await fe80("exec", lab, router, "sh", "/run/fe80.health"), { exit: 0, stdout: "", stderr: "" });
    t.match((await fe80("exec", lab, "h1", "ping", "-c1", "10.0.1.1")).stdout, / 0% packet loss/);
    t.match((await fe80("ls")).stdout, new RegExp(`^${lab} +5 +1$`, "m"));
    t.match((await fe80("down", lab)).stderr, new RegExp(`removed container fe80\\.${lab}\\.r2\\n`));
    t.strictSame(await containersOf(lab), []);
    t.strictSame(traces(lab), before);
  },
);
