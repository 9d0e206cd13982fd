import t from "tap";
import { Cleanup } from "../../src/std/cleanup.ts";

t.test("undo steps run newest first, all of them, even if one fails", async (t) => {
  const done: string[] = [];
  const cleanup = new Cleanup();
  cleanup.add(() => void done.push("first"));
  cleanup.add(async () => {
    done.push("second");
    throw new Error("stuck");
  });
  cleanup.add(() => void done.push("third"));
  await t.rejects(cleanup[Symbol.asyncDispose](), { message: "cleaning up failed: stuck" });
  t.strictSame(done, ["third", "second", "first"]);
  await cleanup[Symbol.asyncDispose]();
  t.equal(done.length, 3, "and only once");
});

t.test("what succeeded is kept", async () => {
  const cleanup = new Cleanup();
  cleanup.add(() => {
    throw new Error("it should have been kept");
  });
  cleanup.keep();
  await cleanup[Symbol.asyncDispose]();
});
