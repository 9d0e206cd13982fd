import t from "tap";
import { formatLogLine } from "../../src/report/log-line.ts";

t.test(
  "a bunyan line becomes time, level, interface, message, and what tells more than the message",
  async (t) => {
    const line = (fields: object) =>
      formatLogLine(
        JSON.stringify({ v: 0, level: 30, time: "T", hostname: "vm", pid: 7, router: "r1", ...fields }),
      );
    t.equal(
      line({ msg: "fsm transition idle -> connect", neighbor: "eth0", event: "reset" }),
      "T INFO  eth0 fsm transition idle -> connect",
    );
    t.equal(
      line({ msg: "recv open", neighbor: "eth0", message_contents: "Open [ ]" }),
      "T INFO  eth0 recv open Open [ ]",
    );
    t.equal(line({ msg: "ended: EPIPE", error: "EPIPE" }), "T INFO  - ended: EPIPE", "once is enough");
  },
);

t.test("every level has its name, and an unknown one its number", async (t) => {
  const levelOf = (level: number) => formatLogLine(JSON.stringify({ time: "T", level, msg: "m" }));
  t.strictSame([10, 20, 30, 40, 50, 60, 35].map(levelOf), [
    "T TRACE - m",
    "T DEBUG - m",
    "T INFO  - m",
    "T WARN  - m",
    "T ERROR - m",
    "T FATAL - m",
    "T 35    - m",
  ]);
});

t.test("what is no such line stays as it is", async (t) => {
  for (const line of ["", "2026-11-23 <INFO> Started", "{", "null", "7", '{"level":30}', '{"msg":"m"}']) {
    t.equal(formatLogLine(line), line);
  }
});
