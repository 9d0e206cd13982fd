import { readdirSync, readFileSync } from "node:fs";
import t from "tap";
import { fe80, file, nothing, traces, until } from "./command.ts";

const lab = "e2e-why";
const text = [
  `name: ${lab}`,
  "defaults: { timers: { hold: 3 } }",
  "policies: { none: [reject] }",
  "routers:",
  "  r1: { originate: [10.0.1.0/24] }",
  "  r2:",
  "  r3:",
  "  r4:",
  "links:",
  "  - r1 -- r2",
  "  - { link: r2 -- r3, sessions: { r3: { import: none } } }",
  "  - { link: r3 -- r4, expect: down, sessions: { r3: { md5: secret } } }",
].join("\n");

/** What `fe80 why` names: the cause's step and text. */
async function cause(...args: string[]): Promise<string> {
  const { stdout } = await fe80("why", lab, ...args, "-f", "json");
  const { cause } = JSON.parse(stdout);
  return cause === null ? "nothing" : `${cause.step}: ${cause.text}`;
}

const ip = (router: string, ...args: string[]) => fe80("exec", lab, router, "--", "ip", ...args);

/** A filter on what comes in: packets to TCP port 179 are dropped by a rule before the one that delivers them. */
async function filter(router: string): Promise<void> {
  await ip(router, "-6", "rule", "add", "pref", "20", "lookup", "local");
  await ip(router, "-6", "rule", "del", "pref", "0");
  await ip(
    router,
    "-6",
    "rule",
    "add",
    "pref",
    "10",
    "ipproto",
    "tcp",
    "dport",
    "179",
    "iif",
    "eth0",
    "blackhole",
  );
}

function speakers(): number[] {
  const pids = readdirSync("/proc").filter((pid) => /^\d+$/.test(pid));
  return pids.map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`FE80_LAB=${lab}`);
    } catch {
      return false; // it has just ended
    }
  });
}

t.test("why names what is broken in a running lab", async (t) => {
  const before = traces(lab);
  t.teardown(() => fe80("down", lab, "--quiet"));
  const up = await fe80("up", "-q", file(t, text));
  t.equal(up.exit, 0, up.stderr);

  await t.test("nothing, where nothing is", async (t) => {
    const { exit, stdout } = await fe80("why", lab, "r1:eth0");
    t.equal(exit, 0);
    t.match(stdout, /^r1:eth0 with r2:eth0 is Established\n(?: .*\n)+nothing is wrong with it\n$/);
    t.equal(await cause("r2", "10.0.1.0/24"), "nothing");
  });

  await t.test("a policy, on the way of a route", async (t) => {
    t.equal(
      await cause("r3", "10.0.1.0/24"),
      "import: r3 does not use what r2 tells: rejected by none rule 1",
    );
    t.equal((await fe80("why", lab, "r3", "10.0.1.0/24")).exit, 1);
  });

  await t.test("a TCP-MD5 key on one side", async (t) => {
    await until(async () => (await cause("r3:eth1")).startsWith("tcp"));
    t.match(
      await cause("r3:eth1"),
      /^tcp: r3:eth1 has a TCP-MD5 key and r4:eth0 has none: r\d has dropped \d+/,
    );
  });

  await t.test("a kernel route that somebody has put in the way", async (t) => {
    await ip("r2", "route", "add", "blackhole", "10.0.1.0/24", "metric", "1");
    t.equal(await cause("r2", "10.0.1.0/24"), "kernel: the kernel of r2 drops packets to 10.0.1.0/24");
    await ip("r2", "route", "del", "blackhole", "10.0.1.0/24", "metric", "1");
  });

  await t.test("an interface that is down, seen from both ends", async (t) => {
    await ip("r2", "link", "set", "eth0", "down");
    t.equal(await cause("r1:eth0"), "up: interface r2:eth0 is down");
    t.equal(await cause("r2:eth0"), "up: interface r2:eth0 is down");
    t.match(await cause("r2", "10.0.1.0/24"), /^session: the session r1:eth0 between r1 and r2 is \w+$/);
    await ip("r2", "link", "set", "eth0", "up");
    await until(async () => (await cause("r1:eth0")) === "nothing");
  });

  await t.test("an interface that is gone", async (t) => {
    await ip("r4", "link", "del", "eth0");
    t.equal(await cause("r3:eth1"), "interface: r3 has no interface eth1");
  });

  await t.test("a port that is filtered", async (t) => {
    await Promise.all([filter("r1"), filter("r2")]);
    await until(async () => (await cause("r1:eth0")).startsWith("tcp"));
    t.equal(
      await cause("r1:eth0"),
      "tcp: r1:eth0 gets no answer of r2 to its connection, though a speaker listens on port 179 there",
    );
  });

  await t.test("a speaker that is paused", async (t) => {
    const pids = speakers();
    t.ok(pids.length > 0);
    for (const pid of pids) process.kill(pid, "SIGSTOP");
    t.equal(await cause("r1:eth0"), "speaker: the process of r1 is paused");
    for (const pid of pids) process.kill(pid, "SIGCONT");
  });

  t.equal((await fe80("down", lab)).exit, 0);
  t.strictSame(traces(lab), nothing(before));
});

t.test("a lab that does not converge in time says why, unasked", async (t) => {
  const name = "e2e-why-failed";
  const keys = "{ link: r1 -- r2, sessions: { r1: { md5: secret } } }";
  const path = file(t, `name: ${name}\nrouters: [r1, r2]\nlinks: [${keys}]\n`);
  const { exit, stdout, stderr } = await fe80("test", "--timeout", "5s", path);
  t.equal(exit, 1);
  t.match(
    `${stdout}${stderr}`,
    /why r1:eth0 with r2:eth0 is \w+: tcp: r1:eth0 has a TCP-MD5 key and r2:eth0 has none/,
  );
  t.strictSame(traces(name).namespaces, []);
});
