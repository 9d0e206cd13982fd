import t from "tap";
import { askPatiently, lookUntil, Unproven } from "../../src/interop/patience.ts";
import { DaemonSilentError, LabNotRunningError } from "../../src/lab/errors.ts";
import { EagerClock } from "../support/eager-clock.ts";

const { signal } = new AbortController();

t.test(
  "what becomes so in time is so, and a daemon that does not answer is a reason to look again",
  async (t) => {
    let looks = 0;
    const reason = () => {
      looks++;
      if (looks === 1) throw new DaemonSilentError("r1 has not answered");
      return looks < 4 ? "not yet" : undefined;
    };
    await lookUntil("it", reason, { clock: new EagerClock(), signal, withinMs: 10_000 });
    t.equal(looks, 4);
  },
);

t.test("what does not is unproven, for the last reason", async (t) => {
  const late = lookUntil("it", () => "never", { clock: new EagerClock(), signal, withinMs: 1000 });
  await t.rejects(late, new Unproven("it: never"));
  const bug = lookUntil("it", () => Promise.reject(new TypeError("bug")), {
    clock: new EagerClock(),
    signal,
    withinMs: 1,
  });
  await t.rejects(bug, TypeError);
});

t.test("who is silent is asked again; any other answer is one", async (t) => {
  let asked = 0;
  const ask = async () => {
    asked++;
    if (asked < 3) throw new DaemonSilentError("r1 has not answered");
    return "answer";
  };
  t.equal(await askPatiently(new EagerClock(), ask), "answer");
  const gone = askPatiently(new EagerClock(), () => Promise.reject(new LabNotRunningError("lab", [])));
  await t.rejects(gone, LabNotRunningError);
});
