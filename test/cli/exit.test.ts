import t from "tap";
import { Exit, errorLines, exitOf } from "../../src/cli/exit.ts";
import { FileError, InterruptedError, LabExistsError, LabNameError } from "../../src/lab/errors.ts";

const usage = new FileError("cannot read x", { hint: "try y" });
const failed = new LabExistsError("lab");

t.test("the exit code says who can do something about it", async (t) => {
  t.equal(exitOf(usage), Exit.usage);
  t.equal(exitOf(new LabNameError("?")), Exit.usage);
  t.equal(exitOf(failed), Exit.failed);
  t.equal(exitOf(new AggregateError([usage, usage])), Exit.usage);
  t.equal(exitOf(new AggregateError([usage, failed])), Exit.failed);
  t.equal(exitOf(new InterruptedError("SIGINT")), 130);
  t.equal(exitOf(new InterruptedError("SIGTERM")), 143);
  t.equal(exitOf(new InterruptedError("SIGHUP")), 129);
  t.equal(exitOf(new TypeError("x is not a function")), Exit.bug);
  t.equal(exitOf("thrown text"), Exit.bug);
});

t.test("what failed while undoing is told after what failed first", async (t) => {
  const thrown = new SuppressedError(new AggregateError([failed]), usage);
  t.strictSame(errorLines(thrown), [
    "error: cannot read x",
    "hint: try y",
    "error: the lab lab is up already",
    "hint: fe80 inspect lab shows it, fe80 down lab takes it down",
  ]);
  t.equal(exitOf(new SuppressedError(failed, new InterruptedError("SIGINT"))), Exit.interrupted);
  t.equal(exitOf(new SuppressedError(new Error("bug"), usage)), Exit.bug);
});
