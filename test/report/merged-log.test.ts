import fc from "fast-check";
import t from "tap";
import { mergeLogs } from "../../src/report/merged-log.ts";

const line = (ms: number, msg: string) => JSON.stringify({ msg, time: new Date(ms).toISOString() });

t.test("lines of several logs stand in the order of their times", async (t) => {
  const [first, second, third] = [line(1, "first"), line(2, "second"), line(3, "third")];
  const logs = [
    { source: "r1", text: `${first}\n${third}\n` },
    { source: "r2", text: `${second}\n  at somewhere\n` },
  ];
  t.strictSame(
    mergeLogs(logs).map(({ source, line }) => `${source} ${line}`),
    [`r1 ${first}`, `r2 ${second}`, "r2   at somewhere", `r1 ${third}`],
  );
});

t.test("each log keeps its own order, whatever its clock did, and no line is lost", async (t) => {
  const log = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(log, { maxLength: 4 }), (logs) => {
      const texts = logs.map((times, source) => ({
        source: `r${source}`,
        text: times.map((time, index) => line(time, `${index}`)).join("\n"),
      }));
      const merged = mergeLogs(texts);
      for (const { source, text } of texts) {
        const own = merged.filter((each) => each.source === source).map((each) => each.line);
        t.equal(own.join("\n"), text);
      }
    }),
  );
});
