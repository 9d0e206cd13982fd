import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import t from "tap";

const directory = mkdtempSync(join(tmpdir(), "fe80-health-"));
t.teardown(() => rmSync(directory, { recursive: true }));

async function health(...args: string[]) {
  const child = spawn(process.execPath, ["src/bin/fe80-health.ts", ...args]);
  const ended = new Promise((resolve) => child.once("close", resolve));
  const [exit, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { exit, stdout, stderr };
}

t.test("a speaker that answers is healthy, whatever its sessions are", async (t) => {
  const status = {
    type: "status",
    routers: [{ router: "r1" }, { router: "r2" }],
    sessions: [
      { router: "r1", state: "Established" },
      { router: "r1", state: "Active" },
    ],
  };
  const server = createServer((socket) => socket.end(`${JSON.stringify(status)}\n`));
  const path = join(directory, "speaker.sock");
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.teardown(() => server.close());
  t.strictSame(await health(path), {
    exit: 0,
    stdout: "r1: 1 of 2 sessions Established\nr2: 0 of 0 sessions Established\n",
    stderr: "",
  });
});

t.test("a speaker that does not answer is not", async (t) => {
  const path = join(directory, "none.sock");
  const stderr = `error: the speaker at ${path} cannot be asked: ENOENT\n`;
  t.strictSame(await health(path), { exit: 1, stdout: "", stderr });
});

t.test("it has to be told whom to ask", async (t) => {
  for (const args of [[], ["--help"]]) t.match(await health(...args), { exit: 2, stderr: /^usage: / });
});
