import t from "tap";
import { Log } from "../../../src/bgp/speaker/log.ts";
import { LogBudget } from "../../../src/bgp/speaker/log-budget.ts";
import { VirtualClock } from "../../../src/simulation/virtual-clock.ts";

t.test("a storm of lines is cut short, which is said once, and what matters is written on", async (t) => {
  const clock = new VirtualClock();
  const lines: { level: number; msg: string }[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line));
  const context = { clock, hostname: "h", pid: 1, write, budget: new LogBudget(clock) };
  const log = new Log(context, { common: {}, threshold: "debug" });
  for (let count = 0; count < 30_000; count++) log.write("debug", "again", () => ({}));
  log.write("warn", "look", () => ({}));
  const notices = lines.filter(({ msg }) => msg.includes("left out"));
  t.equal(notices.length, 1);
  t.equal(lines.at(-1)?.msg, "look");
  const written = lines.length;
  t.ok(written < 11_000, `${written} lines`);
  clock.advance(2_000);
  t.ok(log.writes("debug"), "there is room again");
  log.write("debug", "later", () => ({}));
  t.equal(lines.at(-1)?.msg, "later");
});
