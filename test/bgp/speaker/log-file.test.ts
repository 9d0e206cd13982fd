import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { LogFile } from "../../../src/bgp/speaker/log-file.ts";
import { systemClock } from "../../../src/std/clock.ts";

t.test("lines are appended, and none is lost when the file is closed", async (t) => {
  const path = join(t.testdir({ "r1.log": "first\n" }), "r1.log");
  const file = new LogFile(path, systemClock);
  file.write("second\n");
  file.write("third\n");
  file[Symbol.dispose]();
  t.equal(readFileSync(path, "utf8"), "first\nsecond\nthird\n");
});

t.test("many files listen to the process's end once, and not at all when they are closed", async (t) => {
  const directory = t.testdir();
  const before = process.listenerCount("exit");
  const files = Array.from(
    { length: 20 },
    (_, index) => new LogFile(join(directory, `r${index}.log`), systemClock),
  );
  t.equal(process.listenerCount("exit"), before + 1);
  for (const file of files) file[Symbol.dispose]();
  t.equal(process.listenerCount("exit"), before);
});

t.test("a full disk costs lines, and not the speaker", { skip: noFullDisk() }, async (t) => {
  const file = new LogFile("/dev/full", systemClock);
  file.write("lost\n");
  t.doesNotThrow(() => file[Symbol.dispose]());
});

function noFullDisk(): string | false {
  return existsSync("/dev/full") ? false : "there is no /dev/full";
}
