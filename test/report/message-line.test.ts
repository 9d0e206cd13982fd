import t from "tap";
import { formatMessageLine } from "../../src/report/message-line.ts";

t.test("an overheard message is a line", async (t) => {
  const time = Date.UTC(2026, 0, 29, 1, 2, 3, 45);
  t.equal(
    formatMessageLine({ time, from: "r1:eth0", to: "r2:eth0", port: 40_000, text: "Keepalive" }),
    "01:02:03.045 r1:eth0 > r2:eth0 (40000) Keepalive",
  );
});
