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
    await runtime.setPaused(name, "script", true);
    await runtime.setPaused(name, "script", true);
    t.equal(await runtime.stateOf(name, "script"), "paused");
    await runtime.setPaused(name, "script", false);
    t.equal(await runtime.stateOf(name, "script"), "running");
  }
  await runtime.setPaused(name, "script", true);
  writeFileSync(cue, "");
  await runtime.setPaused(name, "script", false);
  t.equal(await process.ended, "exit code 3");
  t.equal(await runtime.stateOf(name, "script"), "ended");
  await runtime.setPaused(name, "script", true);
});

t.test(
  "a daemon that is just starting others is halted, too: who waits in vfork(2) heeds no signal",
  async (t) => {
    const lab = testLab(t);
    lab.runtime.start(lab.name, script(lab, "while :; do /bin/true & wait; done"));
    for (let round = 0; round < 5; round++) {
      await lab.runtime.setPaused(lab.name, "script", true);
      t.equal(await lab.runtime.stateOf(lab.name, "script"), "paused");
      await lab.runtime.setPaused(lab.name, "script", false);
    }
  },
);

t.test("a daemon that is killed is not asked first", async (t) => {
  const lab = testLab(t);
  const process = lab.runtime.start(lab.name, script(lab, "sleep 1000 & sleep 1000"));
  await lab.runtime.setPaused(lab.name, "script", true);
  await lab.runtime.stop(lab.name, "script", { kill: true });
  t.equal(await process.ended, "SIGKILL");
  t.equal(await lab.runtime.stateOf(lab.name, "script"), "ended");
});
