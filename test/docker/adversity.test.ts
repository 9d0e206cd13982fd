import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { fe80, start, until } from "../e2e/command.ts";
import { docker, withoutEngine } from "../support/docker.ts";
import { containersOf, labName, topologyOf, withVariables } from "./containers.ts";

const skip = withoutEngine;
const directory = (lab: string) => `/run/fe80/${lab}`;

const ring = `runtime: docker
routers: { r1: { originate: [10.0.1.0/24] }, r2:, r3: }
links: [r1 -- r2, r2 -- r3, r3 -- r1]`;

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
    const lab = labName("killed");
    const file = topologyOf(t, lab, ring);
    for (const [moment, isThere] of Object.entries(moments)) {
      const up = start("up", file);
      await until(() => isThere(lab));
      up.kill("SIGKILL");
      await up.ended;
      t.match(await fe80("down", lab), { exit: 0, stdout: `${lab} is down\n` }, moment);
      t.strictSame(await containersOf(lab), [], moment);
      t.notOk(existsSync(directory(lab)), moment);
    }
  },
);

t.test("Ctrl-C while a lab is being made takes away what was made", { skip }, async (t) => {
  const lab = labName("ctrl-c");
  const file = topologyOf(t, lab, ring);
  const up = start("up", file);
  await until(async () => (await containersOf(lab)).length > 0);
  up.kill("SIGINT");
  t.match(await up.ended, { exit: 130, stderr: /taking away what was made/ });
  t.strictSame(await containersOf(lab), []);
  t.notOk(existsSync(directory(lab)));
});

t.test(
  "containers that others take away or end are named, made again by `up`, and no matter to `down`",
  {
    skip,
  },
  async (t) => {
    const lab = labName("torn");
    const file = topologyOf(t, lab, ring);
    t.equal((await fe80("up", file, "--no-wait")).exit, 0);
    const tear = async () => {
      await docker("rm", "--force", `fe80.${lab}.r2`);
      // It cannot be the same again: its links are gone.
      await docker("restart", "--time", "0", `fe80.${lab}.r3`);
      await docker("wait", `fe80.${lab}.r3`);
    };
    await tear();
    t.match(await docker("logs", `fe80.${lab}.r3`), /fe80 up makes it anew/);
    const { stdout } = await fe80("inspect", lab);
    for (const router of ["r2", "r3"])
      t.match(stdout, `${router} does not answer: its container fe80.${lab}.${router} is gone, or has ended`);
    t.match(await fe80("exec", lab, "r2", "true"), { exit: 1, stderr: /has no router r2/ });
    t.match(await fe80("up", file), {
      exit: 0,
      stdout: /6 of 6 sessions Established/,
      stderr: /2 routers and 3 links added/,
    });
    await withVariables({ DOCKER_HOST: "unix:///nowhere.sock" }, async () => {
      for (const command of ["inspect", "down"])
        t.match(await fe80(command, lab), { exit: 1, stderr: /^error: no Docker Engine answers at / });
    });
    await tear();
    t.match(await fe80("down", lab), { exit: 0, stdout: `${lab} is down\n` });
    t.strictSame(await containersOf(lab), []);
  },
);

t.test(
  "a `down` that is killed is finished by another, and a change by another `up`",
  { skip },
  async (t) => {
    const lab = labName("resumed");
    const file = topologyOf(t, lab, ring);
    t.equal((await fe80("up", file, "--no-wait")).exit, 0);
    const before = (await containersOf(lab, { agents: false })).length;
    writeFileSync(
      file,
      `name: ${lab}\n${ring.replace("r3: }", "r3:, r4: }").replace("r3 -- r1", "r3 -- r1, r3 -- r4")}`,
    );
    const up = start("up", file);
    await until(async () => (await containersOf(lab, { agents: false })).length > before);
    up.kill("SIGKILL");
    await up.ended;
    const again = await fe80("up", file);
    t.match(again, { exit: 0, stdout: /8 of 8 sessions Established/ }, again.stderr);

    const down = start("down", lab);
    await until(async () => (await containersOf(lab, { agents: false })).length <= before);
    down.kill("SIGKILL");
    await down.ended;
    t.equal((await fe80("down", lab)).exit, 0);
    t.strictSame(await containersOf(lab), []);
    t.notOk(existsSync(directory(lab)));
  },
);

t.test("an image that is not there is an error before anything is made", { skip }, async (t) => {
  const lab = labName("image");
  const file = topologyOf(t, lab, "runtime: docker\nrouters: { r1: { image: 'localhost:1/no/image' } }");
  t.match(await fe80("up", file), {
    exit: 1,
    stderr: /^error: the Docker Engine has no image localhost:1\/no\/image, and cannot pull it: .*\nhint: /,
  });
  t.strictSame(await containersOf(lab), []);
  t.notOk(existsSync(directory(lab)));
});

t.test("without an engine containers are an error", async (t) => {
  const lab = labName("none");
  const file = topologyOf(t, lab, "runtime: docker\nrouters: [r1, r2]\nlinks: [r1 -- r2]");
  const nowhere = /^error: no Docker Engine answers at unix:\/\/\/nowhere\.sock: ENOENT\nhint: .*DOCKER_HOST/;
  await withVariables({ DOCKER_HOST: "unix:///nowhere.sock" }, async () => {
    t.match(await fe80("up", file), { exit: 1, stderr: nowhere });
    t.equal((await fe80("ls")).exit, 0);
  });
  await withVariables({ DOCKER_HOST: "gopher://engine" }, async () => {
    t.match(await fe80("up", file), { exit: 1, stderr: /gopher:\/\/engine is no address/ });
  });
  t.notOk(existsSync(directory(lab)));
});

t.test("for a lab without containers no engine is asked", async (t) => {
  const lab = labName("unasked");
  const file = topologyOf(t, lab, "routers: [r1, r2]\nlinks: [r1 -- r2]");
  const own = mkdtempSync(join(tmpdir(), "fe80-engine-"));
  t.teardown(() => rmSync(own, { recursive: true }));
  let asked = 0;
  const server = createServer((connection) => {
    asked++;
    connection.destroy();
  });
  await new Promise<void>((resolve) => server.listen(join(own, "docker.sock"), resolve));
  t.teardown(() => server.close());
  await withVariables({ DOCKER_HOST: `unix://${own}/docker.sock` }, async () => {
    t.equal((await fe80("up", file)).exit, 0);
    t.equal((await fe80("exec", lab, "r1", "true")).exit, 0);
    t.equal((await fe80("down", lab)).exit, 0);
    t.equal(asked, 0);
    t.equal((await fe80("ls")).exit, 0);
    t.ok(asked > 0, "whoever asks for all labs means those in containers, too");
  });
});
