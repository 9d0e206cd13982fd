import { createServer } from "node:net";
import t from "tap";
import { isListening, listeningPorts } from "../../src/linux/tcp-sockets.ts";

t.test("a port that somebody listens on is told from others", async (t) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "::1", resolve));
  t.teardown(() => server.close());
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  t.equal(isListening(null, port), true);
  t.equal(isListening(null, 1), false);
});

t.test("sockets in other states do not listen", async (t) => {
  const zeros = "0".repeat(32);
  const text = [
    "  sl  local_address                         remote_address                        st tx_queue rx_queue",
    `   0: ${zeros}:00B3 ${zeros}:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1`,
    `   1: ${zeros}:00B4 ${zeros}:00B3 01 00000000:00000000 00:00000000 00000000     0        0 2`,
  ].join("\n");
  t.strictSame([...listeningPorts(text)], [179]);
});
