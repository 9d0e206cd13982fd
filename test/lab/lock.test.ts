import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { Directories } from "../../src/lab/environment.ts";
import { lockLab, lockLabIfWritable } from "../../src/lab/lock.ts";

function directories(t: Test): Directories {
  return { run: join(t.testdir(), "run"), netns: "/run/netns" };
}

const up = { lab: "ring", command: "up" };
const down = { lab: "ring", command: "down" };

t.test("a second command is told who is at work, and may go on once that has ended", async (t) => {
  const where = directories(t);
  {
    using _ = lockLab(up, where);
    t.throws(() => lockLab(down, where), {
      code: "LAB_LOCKED",
      message: `fe80 up (process ${process.pid}) is at work on the lab ring`,
      hint: `wait until it has ended, or end it: kill ${process.pid}`,
    });
    t.throws(() => lockLabIfWritable(down, where), { code: "LAB_LOCKED" });
  }
  t.strictSame(readdirSync(where.run), [], "no trace of it");
  lockLab(down, where)[Symbol.dispose]();
});

t.test("another lab is not kept waiting", async (t) => {
  const where = directories(t);
  using _ring = lockLab(up, where);
  using _pair = lockLab({ ...up, lab: "pair" }, where);
  t.strictSame(readdirSync(where.run), ["pair.lock", "ring.lock"]);
});

t.test("a command that was killed keeps nobody away", async (t) => {
  const where = directories(t);
  const program = `
    import { lockLab } from "./src/lab/lock.ts";
    lockLab(${JSON.stringify(up)}, ${JSON.stringify(where)});
    console.log("locked");
    setInterval(() => {}, 1000);
  `;
  const holder = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.teardown(() => holder.kill("SIGKILL"));
  await once(holder.stdout, "data");
  t.throws(() => lockLab(down, where), {
    message: `fe80 up (process ${holder.pid}) is at work on the lab ring`,
  });
  holder.kill("SIGKILL");
  await once(holder, "exit");
  t.ok(existsSync(join(where.run, "ring.lock")), "its file is there still");
  lockLab(down, where)[Symbol.dispose]();
  t.strictSame(readdirSync(where.run), []);
});

t.test(
  "a lock whose file was taken away by hand does not keep others away, nor does it take theirs",
  async (t) => {
    const where = directories(t);
    const first = lockLab(up, where);
    rmSync(join(where.run, "ring.lock"));
    using _ = lockLab(down, where);
    t.throws(() => lockLab(up, where), { message: /^fe80 down / });
    t.doesNotThrow(() => first[Symbol.dispose]());
  },
);

t.test("a file that does not say whose it is makes a shorter message", async (t) => {
  const where = directories(t);
  using _ = lockLab(up, where);
  writeFileSync(join(where.run, "ring.lock"), "?");
  t.throws(() => lockLab(down, where), {
    message: "another command is at work on the lab ring",
    hint: "wait until it has ended",
  });
});

t.test("where no file can be made, only what must go on does so", async (t) => {
  const where = { run: "/dev/null/fe80", netns: "/run/netns" };
  t.throws(() => lockLab(up, where), { code: "DIRECTORY_UNWRITABLE" });
  t.equal(lockLabIfWritable(down, where), undefined);
});
