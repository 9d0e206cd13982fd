import { writeFileSync } from "node:fs";
import t from "tap";
import { script, testLab } from "./lab.ts";

t.test("a daemon is halted with all that it started, and goes on", async (t) => {
  const lab = testLab(t);
  const { runtime, name } = lab;
  const cue = `${t.testdir()}/cue`;
  const text = 'sleep 1000 & until [ -e "$0" ]; do :; done; kill $!; exit 3';
  const daemon = script(lab, text);
  const process = runtime.start(name, { ...daemon, command: [...daemon.command, cue] });
  for (let round = 0; round < 2; round++) {
    await runtime.setPaused(name, daemon, true);
    await runtime.setPaused(name, daemon, true);
    t.equal(await runtime.stateOf(name, daemon), "paused");
    await runtime.setPaused(name, daemon, false);
    t.equal(await runtime.stateOf(name, daemon), "running");
  }
  await runtime.setPaused(name, daemon, true);
  writeFileSync(cue, "");
  await runtime.setPaused(name, daemon, false);
  t.equal(await process.ended, "exit code 3");
  t.equal(await runtime.stateOf(name, daemon), "ended");
  await runtime.setPaused(name, daemon, true);
});

t.test(
  "a daemon that is just starting others is halted, too: who waits in vfork(2) heeds no signal",
  async (t) => {
    const lab = testLab(t);
    const daemon = script(lab, "while :; do /bin/true & wait; done");
    lab.runtime.start(lab.name, daemon);
    for (let round = 0; round < 5; round++) {
      await lab.runtime.setPaused(lab.name, daemon, true);
      t.equal(await lab.runtime.stateOf(lab.name, daemon), "paused");
      await lab.runtime.setPaused(lab.name, daemon, false);
    }
  },
);

t.test("a daemon that is killed is not asked first", async (t) => {
  const lab = testLab(t);
  const daemon = script(lab, "sleep 1000 & sleep 1000");
  const process = lab.runtime.start(lab.name, daemon);
  await lab.runtime.setPaused(lab.name, daemon, true);
  await lab.runtime.stop(lab.name, daemon, { kill: true });
  t.equal(await process.ended, "SIGKILL");
  t.equal(await lab.runtime.stateOf(lab.name, daemon), "ended");
});
