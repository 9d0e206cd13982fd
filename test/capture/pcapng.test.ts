import t from "tap";
import { pcapngHeader, pcapngPacket } from "../../src/capture/pcapng.ts";

const hex = (octets: Uint8Array) => Buffer.from(octets).toString("hex");

t.test("a file begins with its section and its interface", async (t) => {
  t.equal(
    hex(pcapngHeader("r1:eth0")),
    "0a0d0d0a0000001c1a2b3c4d00010000ffffffffffffffff0000001c" +
      "0000000100000024000100000000000000020007" +
      "72313a6574683000" +
      "0000000000000024",
  );
});

t.test("a frame is a block with its time in microseconds, its direction, and padding", async (t) => {
  const octets = Uint8Array.of(1, 2, 3, 4, 5);
  const block = (sent: boolean) => hex(pcapngPacket({ time: 1_769_648_523_045.25, sent, octets }));
  t.equal(
    block(true),
    "0000000600000034" +
      "00000000" +
      BigInt(1_769_648_523_045_250).toString(16).padStart(16, "0") +
      "00000005000000050102030405000000" +
      "000200040000000200000000" +
      "00000034",
  );
  t.equal(block(false), block(true).replace("0002000400000002", "0002000400000001"));
});
