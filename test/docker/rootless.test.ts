import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import t, { type Test } from "tap";
import { until, withoutTap } from "../e2e/command.ts";
import { withoutEngine } from "../support/docker.ts";
import { containersOf, labName } from "./containers.ts";

const skip = withoutEngine;

/** Other than those of the tests of namespaces, and of other runs, whose users must be gone in the end. */
const uid = 61_000 + (process.pid % 4000);

/** A socket below /run by which anybody may use the engine; its path. */
async function openEngine(t: Test): Promise<string> {
  const engine = (process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock").replace("unix://", "");
  const path = `/run/fe80-test-${process.pid}.sock`;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ path: engine, allowHalfOpen: true });
    client.pipe(upstream).pipe(client);
    for (const end of [client, upstream]) {
      end.on("error", () => {});
      end.on("close", () => [client, upstream].map((each) => each.destroy()));
    }
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  chmodSync(path, 0o666);
  t.teardown(() => server.close());
  return path;
}

t.test("an ordinary user who may use the engine has labs in containers", { skip }, async (t) => {
  const lab = labName("user");
  const socket = await openEngine(t);
  const directory = mkdtempSync(join(tmpdir(), "fe80-e2e-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  chmodSync(directory, 0o755);
  const file = join(directory, "lab.yaml");
  writeFileSync(
    file,
    `name: ${lab}\nruntime: docker\nrouters: { r1: { originate: [10.0.1.0/24] }, r2: { originate: [10.0.2.0/24] } }\nlinks: [r1 -- r2]`,
  );
  const rights = [
    "--reuid",
    `${uid}`,
    "--regid",
    `${uid}`,
    "--clear-groups",
    "--inh-caps=-all",
    ...withoutTap,
  ];
  const runAt = async (host: string, ...args: string[]) => {
    const env = { ...process.env, DOCKER_HOST: host };
    const child = spawn("setpriv", [...rights, `${process.cwd()}/fe80`, ...args], { cwd: "/", env });
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { stdout, stderr };
  };
  const run = (...args: string[]) => runAt(`unix://${socket}`, ...args);
  t.teardown(() => run("down", lab, "-q"));
  const { stdout, stderr } = await run("up", file);
  t.match(stdout, new RegExp(`${lab} converged in .* 2 of 2 sessions`), stderr);
  t.match((await runAt("ssh://far", "up", file)).stderr, /^error: ssh:\/\/far is not within reach of/);
  t.match((await run("ls")).stdout, new RegExp(`^${lab} +2 +0$`, "m"));
  t.match((await run("exec", lab, "r2", "ping", "-c1", "10.0.1.1")).stdout, / 0% packet loss/);
  t.match(await run("link", "down", lab, "r1:eth0"), { stdout: "r1:eth0 is down\n" });
  t.match((await run("down", lab)).stdout, `${lab} is down\n`);
  t.strictSame(await containersOf(lab), []);
  const own = () => readdirSync("/proc").filter((pid) => isOwn(pid));
  await until(() => own().length === 0);
  t.strictSame(own(), []);
});

function isOwn(pid: string): boolean {
  return /^\d+$/.test(pid) && statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid === uid;
}
