import t from "tap";
import { formatLogLine } from "../../src/report/log-line.ts";

t.test("a bunyan line becomes time, level, message and fields", async (t) => {
  const line = JSON.stringify({
    msg: "fsm transition idle -> connect",
    v: 0,
    name: "fe80-speaker",
    level: 30,
    time: "2026-01-29T05:00:00.001Z",
    hostname: "vm",
    pid: 7,
    component: "bgp",
    router: "r1",
    event: "manual start",
    channel_id: 3,
    contents: { a: [1] },
    empty: "",
  });
  t.equal(
    formatLogLine(line),
    `2026-01-29T05:00:00.001Z INFO  fsm transition idle -> connect router=r1 event="manual start" channel_id=3 contents="{\\"a\\":[1]}" empty=""`,
  );
});

t.test("every level has its name, and an unknown one its number", async (t) => {
  const levelOf = (level: number) => formatLogLine(JSON.stringify({ time: "T", level, msg: "m" }));
  t.strictSame([10, 20, 30, 40, 50, 60, 35].map(levelOf), [
    "T TRACE m",
    "T DEBUG m",
    "T INFO  m",
    "T WARN  m",
    "T ERROR m",
    "T FATAL m",
    "T 35    m",
  ]);
});

t.test("what is no such line stays as it is", async (t) => {
  for (const line of ["", "2026-11-23 <INFO> Started", "{", "null", "7", '{"level":30}', '{"msg":"m"}']) {
    t.equal(formatLogLine(line), line);
  }
});
