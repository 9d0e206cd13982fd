import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { tryLock } from "../../src/linux/file-lock.ts";

t.test("a file is locked by one at a time, until it is closed", async (t) => {
  const path = join(t.testdir(), "lock");
  const [a, b] = [openSync(path, "a"), openSync(path, "a")];
  t.ok(tryLock(a));
  t.ok(tryLock(a), "whose it is may lock it again");
  t.notOk(tryLock(b));
  closeSync(a);
  t.ok(tryLock(b));
  closeSync(b);
});

t.test("what is no open file is an error", async (t) => {
  t.throws(() => tryLock(-1), { code: "SYSTEM_CALL_FAILED", errnoName: "EBADF" });
});
