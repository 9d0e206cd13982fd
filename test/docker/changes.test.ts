import { writeFileSync } from "node:fs";
import t from "tap";
import { fe80, traces } from "../e2e/command.ts";
import { docker, withoutEngine } from "../support/docker.ts";
import { containersOf, labName, topologyOf } from "./containers.ts";

const skip = withoutEngine;

interface Session {
  readonly router: string;
  readonly session: string;
  readonly connectionId: string;
}

/** The connections of the session between r1 and r2. */
async function connections(lab: string): Promise<string[]> {
  const { stdout } = await fe80("inspect", lab, "-f", "json");
  const { sessions } = JSON.parse(stdout) as { sessions: readonly Session[] };
  return sessions
    .filter(({ router, session }) => ["r1", "r2"].includes(router) && session === "eth0")
    .map(({ connectionId }) => connectionId);
}

const idsOf = (lab: string) => docker("inspect", "--format", "{{.Id}}", `fe80.${lab}.r1`, `fe80.${lab}.r2`);

t.test("up on a running lab with containers does what is different", { skip }, async (t) => {
  const lab = labName("changes");
  const before = traces(lab);
  const routers = ["r1: { originate: [10.0.1.0/24] }", "r2: { originate: [10.0.2.0/24] }"];
  const links = ["r1 -- r2"];
  const text = (more: readonly string[] = [], moreLinks: readonly string[] = []) =>
    [
      "defaults: { runtime: docker }",
      `routers: { ${[...routers, ...more].join(", ")} }`,
      `links: [${[...links, ...moreLinks].join(", ")}]`,
      "expect: { within: 60s }",
    ].join("\n");
  const file = topologyOf(t, lab, text());
  const change = async (...parts: Parameters<typeof text>) => {
    writeFileSync(file, `name: ${lab}\n${text(...parts)}`);
    const { exit, stdout, stderr } = await fe80("up", file);
    t.equal(exit, 0, stdout + stderr);
    t.strictSame(await connections(lab), first, "an untouched session has the same connections");
    t.equal(await idsOf(lab), ids, "and their routers are in the same containers");
    return stderr;
  };
  const members = async () =>
    (await containersOf(lab, { agents: false })).map((name) => name.slice(`fe80.${lab}.`.length));
  const pings = (from: string, to: string) => fe80("exec", lab, from, "--", "ping", "-c1", "-W2", to);

  t.equal((await fe80("up", file)).exit, 0);
  const [first, ids] = [await connections(lab), await idsOf(lab)];
  t.equal(first.length, 2);

  const grown = [
    "r3: { memory: 256m, originate: [10.0.3.0/24] }",
    "r4: { kind: bird }",
    "h1: { kind: host, addresses: [10.7.0.2/24] }",
  ];
  const shared = ["r2:eth9 -- r3:eth0", "h1 -- r3:hosts", "[r1:lan, r2:lan, r3:lan]", "r4 -- r1:bird"];
  t.match(await change(grown, shared), /2 routers and 1 host and 4 links added/);
  t.strictSame(await members(), ["_lan", "h1", "r1", "r2", "r3", "r4"]);
  t.match(await pings("h1", "10.0.1.1"), { exit: 0 });

  await t.test("a router moves out of its container, and links change in place", async (t) => {
    const moved = ["r3: { runtime: netns, originate: [10.0.3.0/24] }"];
    t.match(await change(moved, ["{ link: r2:eth9 -- r3:eth0, mtu: 1400 }", shared[2] ?? ""]), /1 router/);
    t.strictSame(await members(), ["_lan", "r1", "r2"]);
    t.strictSame(traces(lab).namespaces, [`fe80.${lab}.r3`]);
    t.match(await fe80("exec", lab, "r2", "ip", "link", "show", "eth9"), { stdout: /mtu 1400/ });
    t.match(await pings("r3", "10.0.1.1"), { exit: 0 });
  });

  await change();
  t.match((await fe80("up", file)).stderr, /nothing to change/);
  t.equal((await fe80("down", lab)).exit, 0);
  t.strictSame(await containersOf(lab), []);
  t.strictSame(traces(lab), before);
});
