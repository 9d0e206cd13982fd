import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { fe80, start, until } from "../e2e/command.ts";
import { docker, withoutEngine } from "../support/docker.ts";
import { containersOf, topologyOf } from "./containers.ts";

const skip = withoutEngine;
const directory = (lab: string) => `/run/fe80/${lab}`;

const ring = `runtime: docker
routers: { r1: { originate: [10.0.1.0/24] }, r2:, r3: }
links: [r1 -- r2, r2 -- r3, r3 -- r1]`;

/** A variable of this process for the commands that it starts meanwhile. */
async function withVariable<T>(name: string, value: string, work: () => Promise<T>): Promise<T> {
  const before = process.env[name];
  process.env[name] = value;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  }
}

/** Moments of an `up`, as facts. */
const moments: Readonly<Record<string, (lab: string) => Promise<boolean>>> = {
  "a container is there": async (lab) => (await containersOf(lab)).length > 0,
  "all containers are there": async (lab) => (await containersOf(lab)).length >= 3,
  "an agent is at work": async (lab) =>
    (await docker(
      "ps",
      "--quiet",
      "--filter",
      `label=fe80.lab=${lab}`,
      "--filter",
      "label=fe80.router=_agent",
    )) !== "",
  "a speaker runs": async (lab) => {
    const top = await docker("top", `fe80.${lab}.r1`).catch(() => "");
    return top.includes("fe80-speaker");
  },
};

t.test(
  "an `up` that is killed at any moment leaves nothing that `down` does not find",
  { skip },
  async (t) => {
    const file = topologyOf(t, "dk-killed", ring);
    for (const [moment, isThere] of Object.entries(moments)) {
      const up = start("up", file);
      await until(() => isThere("dk-killed"));
      up.kill("SIGKILL");
      await up.ended;
      t.match(await fe80("down", "dk-killed"), { exit: 0, stdout: "dk-killed is down\n" }, moment);
      t.strictSame(await containersOf("dk-killed"), [], moment);
      t.notOk(existsSync(directory("dk-killed")), moment);
    }
  },
);

t.test("Ctrl-C while a lab is being made takes away what was made", { skip }, async (t) => {
  const file = topologyOf(t, "dk-ctrl-c", ring);
  const up = start("up", file);
  await until(async () => (await containersOf("dk-ctrl-c")).length > 0);
  up.kill("SIGINT");
  t.match(await up.ended, { exit: 130, stderr: /taking away what was made/ });
  t.strictSame(await containersOf("dk-ctrl-c"), []);
  t.notOk(existsSync(directory("dk-ctrl-c")));
});

t.test(
  "a container that is taken away by others is named, and `down` does without it",
  { skip },
  async (t) => {
    const file = topologyOf(t, "dk-torn", ring);
    t.equal((await fe80("up", file, "--no-wait")).exit, 0);
    await docker("rm", "--force", "fe80.dk-torn.r2");
    t.match((await fe80("inspect", "dk-torn")).stdout, /^r2 .*fe80\.dk-torn\.r2/m);
    t.match(await fe80("exec", "dk-torn", "r2", "true"), { exit: 1, stderr: /has no router r2/ });
    t.match(await fe80("down", "dk-torn"), { exit: 0, stdout: "dk-torn is down\n" });
    t.strictSame(await containersOf("dk-torn"), []);
  },
);

t.test("an image that is not there is an error before anything is made", { skip }, async (t) => {
  const file = topologyOf(
    t,
    "dk-image",
    "runtime: docker\nrouters: { r1: { image: 'localhost:1/no/image' } }",
  );
  t.match(await fe80("up", file), {
    exit: 1,
    stderr: /^error: the Docker Engine has no image localhost:1\/no\/image, and cannot pull it: .*\nhint: /,
  });
  t.strictSame(await containersOf("dk-image"), []);
  t.notOk(existsSync(directory("dk-image")));
});

t.test("without an engine containers are an error", async (t) => {
  const file = topologyOf(t, "dk-none", "runtime: docker\nrouters: [r1, r2]\nlinks: [r1 -- r2]");
  const nowhere = /^error: no Docker Engine answers at unix:\/\/\/nowhere\.sock: ENOENT\nhint: .*DOCKER_HOST/;
  await withVariable("DOCKER_HOST", "unix:///nowhere.sock", async () => {
    t.match(await fe80("up", file), { exit: 1, stderr: nowhere });
    t.equal((await fe80("ls")).exit, 0);
  });
  await withVariable("DOCKER_HOST", "gopher://engine", async () => {
    t.match(await fe80("up", file), { exit: 1, stderr: /gopher:\/\/engine is no address/ });
  });
  t.notOk(existsSync(directory("dk-none")));
});

t.test("for a lab without containers no engine is asked", async (t) => {
  const file = topologyOf(t, "dk-unasked", "routers: [r1, r2]\nlinks: [r1 -- r2]");
  const own = mkdtempSync(join(tmpdir(), "fe80-engine-"));
  t.teardown(() => rmSync(own, { recursive: true }));
  let asked = 0;
  const server = createServer((connection) => {
    asked++;
    connection.destroy();
  });
  await new Promise<void>((resolve) => server.listen(join(own, "docker.sock"), resolve));
  t.teardown(() => server.close());
  await withVariable("DOCKER_HOST", `unix://${own}/docker.sock`, async () => {
    t.equal((await fe80("up", file)).exit, 0);
    t.equal((await fe80("exec", "dk-unasked", "r1", "true")).exit, 0);
    t.equal((await fe80("down", "dk-unasked")).exit, 0);
    t.equal(asked, 0);
    t.equal((await fe80("ls")).exit, 0);
    t.ok(asked > 0, "whoever asks for all labs means those in containers, too");
  });
});
